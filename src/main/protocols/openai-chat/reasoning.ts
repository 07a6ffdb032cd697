import type { Part, ReasoningPart, Signature, Target } from '../canonical'
import { numberOf } from '../exact-json'
import { isObject, listIn, objectIn, parseJson, textIn, without, type JsonObject } from '../foreign-json'
import { unwrapSigned, wrapSigned, type Signed } from '../signatures'
import type { ExtraContent, ReasoningMembers } from './wire'

/** What came of reasoning, and its signatures. Chat has no one place for either. */

/**
 * What a message or delta says of its reasoning, under any vendor's name, each piece with the signature that ends it.
 * OpenRouter tells the text twice; its details know which of it is signed.
 */
export function reasoningIn(message: JsonObject): readonly ReasoningPart[] {
  const details = detailsIn(message)
  const text = plainReasoning(message, details)
  return text === '' ? details : [unsigned(text), ...details]
}

/** Mistral puts it among the content's parts: https://docs.mistral.ai/capabilities/reasoning/ */
function plainReasoning(message: JsonObject, details: readonly ReasoningPart[]): string {
  if (details.some(({ text }) => text !== '')) return ''
  const plain = textIn(message, 'reasoning_content') ?? textIn(message, 'reasoning')
  if (plain !== null) return plain
  const thinking = listIn(message, 'content').flatMap((part) => listIn(part, 'thinking'))
  return thinking.map((part) => textIn(part, 'text') ?? '').join('')
}

const unsigned = (text: string): ReasoningPart => ({ type: 'reasoning', text, signature: null })

const detailsIn = (message: JsonObject): readonly ReasoningPart[] =>
  listIn(message, 'reasoning_details').filter(isObject).map(detailPart)

/** One of OpenRouter's details. What it is besides its text is the signature: it must come back as it was. */
function detailPart(detail: JsonObject): ReasoningPart {
  const isSigned = textIn(detail, 'signature') !== null || textIn(detail, 'data') !== null
  return {
    type: 'reasoning',
    text: textIn(detail, 'text') ?? textIn(detail, 'summary') ?? '',
    signature: isSigned ? { maker: 'openai-chat', value: JSON.stringify(without(detail, 'text', 'summary')) } : null
  }
}

/** Signed reasoning of a chat vendor as the details it came as; of other makers none. */
export function detailsOf({ text, signature }: ReasoningPart): readonly JsonObject[] {
  const detail = signature?.maker === 'openai-chat' ? parseJson(signature.value) : null
  if (!isObject(detail)) return []
  if (textIn(detail, 'data') === null) return [{ ...detail, text }]
  return text === '' ? [detail] : [{ type: 'reasoning.summary', summary: text }, detail]
}

/**
 * A signature that came with a message or a call, and which characters of the message's reasoning it signs. `text`: the same, for
 * a client that lost them; older claims have none.
 */
export interface Claim extends Signed {
  readonly start: number
  readonly end: number
}

/** Google signs a part, not its reasoning; Vertex has a name of its own for the place. */
export function claimsIn(holder: unknown): readonly Claim[] {
  const extra = objectIn(holder, 'extra_content')
  if (extra === null) return []
  const google = textIn(extra['google'] ?? extra['vertex'], 'thought_signature')
  const ours = objectIn(extra, 'routex')
  const spans = listIn(ours, 'reasoning')
  const claims = (textIn(ours, 'signature')?.split('\n') ?? []).map((text, index) => {
    return { ...unwrapSigned(text, 'openai-chat'), start: edgeOf(spans[index], 0), end: edgeOf(spans[index], 1) }
  })
  return google === null
    ? claims
    : [...claims, { signature: { maker: 'gemini', value: google }, text: '', start: 0, end: 0 }]
}

function edgeOf(span: unknown, at: 0 | 1): number {
  return numberOf(Array.isArray(span) ? span[at] : 0) ?? 0
}

/** The reasoning of an assistant's message in a history: what stands before its text, and before each of its calls. */
export interface HistoryReasoning {
  readonly first: readonly ReasoningPart[]
  readonly before: readonly (readonly ReasoningPart[])[]
}

/**
 * A client may have lost or changed the text (OpenAI's SDK keeps a stream's last piece of it only): then what its signatures
 * carry stands for it, and those that carry none are left out, since their maker would refuse them.
 */
export function decodeHistory(message: JsonObject, calls: readonly unknown[]): HistoryReasoning {
  const details = detailsIn(message)
  const text = plainReasoning(message, details)
  const holders = [message, ...calls].map(claimsIn)
  const claims = holders.flat()
  const isKept = claims.every((claim) => isOf(claim, text))
  const free: string[] = []
  let at = 0
  const take = ({ signature, start, end, text: carried }: Claim): readonly ReasoningPart[] => {
    const isThere = isKept && start < end && start >= at
    if (isThere) {
      free.push(text.slice(at, start))
      at = end
    } else if (carried === null && start !== end) return []
    return [{ type: 'reasoning', text: carried ?? text.slice(start, end), signature }]
  }
  const [onMessage = [], ...before] = holders.map((held) => held.flatMap(take))
  const isPiece = !isKept && claims.some((claim) => claim.text?.includes(text) === true)
  const rest = isPiece ? '' : free.join('') + text.slice(at)
  return { first: [...(rest === '' ? [] : [unsigned(rest)]), ...details, ...onMessage], before }
}

const isOf = ({ start, end, text }: Claim, reasoning: string): boolean =>
  end <= reasoning.length && (text === null || reasoning.slice(start, end) === text)

/** Google's own stand-in for a signature that is not to be had: https://ai.google.dev/gemini-api/docs/thought-signatures */
export const STAND_IN = 'skip_thought_signature_validator'

const isGemini = (model: string): boolean => /gemini/i.test(model)

/** From Gemini 3 on a call without one is refused. */
export const needsSignature = (model: string): boolean => isGemini(model) && !/gemini-[12]\b/i.test(model)

/** What goes with an assistant's message to a channel, and with each of its calls. */
export interface SentReasoning {
  readonly message: ReasoningMembers
  readonly calls: readonly { readonly extra_content?: ExtraContent }[]
}

/**
 * Reasoning goes back only where the channel wants it: its text in `reasoningField`, OpenRouter's details to OpenRouter,
 * Gemini's signatures to models of that name, since others refuse members that they don't know.
 */
export function encodeHistory(parts: readonly Part[], target: Target): SentReasoning {
  const reasoning = parts.filter((part) => part.type === 'reasoning')
  const details = target.quirks.reasoningControl === 'reasoning' ? reasoning.flatMap(detailsOf) : []
  const { onMessage, onCalls } = geminiSignatures(parts, target.model)
  return {
    message: {
      ...textMember(reasoning, target),
      ...(details.length > 0 && { reasoning_details: details }),
      ...googleExtra(onMessage)
    },
    calls: onCalls.map(googleExtra)
  }
}

/**
 * Kimi and DeepSeek refuse an assistant's message whose reasoning is missing, as it is where another model wrote it; a blank is
 * the least that they take: https://github.com/anomalyco/opencode/issues/10996, https://github.com/MoonshotAI/kimi-cli/issues/2141
 */
function textMember(reasoning: readonly ReasoningPart[], { quirks }: Target): ReasoningMembers {
  const field = quirks.reasoningField
  return field === undefined ? {} : { [field]: reasoning.map((part) => part.text).join('') || ' ' }
}

export const googleExtra = (signature: string | null): { readonly extra_content?: ExtraContent } =>
  signature === null ? {} : { extra_content: { google: { thought_signature: signature } } }

function geminiSignatures(
  parts: readonly Part[],
  model: string
): { readonly onMessage: string | null; readonly onCalls: readonly (string | null)[] } {
  if (!isGemini(model)) return { onMessage: null, onCalls: [] }
  let pending: string | null = null
  const onCalls: (string | null)[] = []
  for (const part of parts) {
    if (part.type === 'reasoning' && part.signature?.maker === 'gemini') pending = part.signature.value
    if (part.type !== 'tool-call') continue
    const isFirst = onCalls.length === 0
    onCalls.push(pending ?? (isFirst && needsSignature(model) ? STAND_IN : null))
    pending = null
  }
  return { onMessage: pending, onCalls }
}

/**
 * Where the signatures of an answer's reasoning go for a chat client: with the call that follows them, or with the message.
 * Its reasoning is one text for the whole message, so each says which characters of it are its own.
 */
export class SignatureTrail {
  #written = 0
  #openedAt: number | null = null
  /** Of the reasoning that is open. */
  readonly #pieces: string[] = []
  #pending: Claim[] = []
  #onMessage = false

  text(text: string): void {
    this.#openedAt ??= this.#written
    this.#pieces.push(text)
    this.#written += text.length
  }

  /** Those of a chat vendor stand among its own details. */
  sign(signature: Signature): void {
    const start = this.#openedAt ?? this.#written
    const text = this.#pieces.join('')
    this.close()
    if (signature.maker !== 'openai-chat') this.#pending.push({ signature, text, start, end: this.#written })
  }

  /** Other parts follow. */
  close(): void {
    this.#openedAt = null
    this.#pieces.length = 0
  }

  forCall(): { readonly extra_content?: ExtraContent } {
    if (this.#pending.length === 0) return {}
    const extra_content = extraOf(this.#pending)
    this.#pending = []
    return { extra_content }
  }

  /** Once a message: a client that puts deltas together keeps the last one of a name. */
  forMessage(): { readonly extra_content?: ExtraContent } {
    if (this.#onMessage || this.#pending.length === 0) return {}
    this.#onMessage = true
    return this.forCall()
  }
}

function extraOf(claims: readonly Claim[]): ExtraContent {
  const google = claims.findLast(({ signature }) => signature.maker === 'gemini')
  const ours = claims.filter(({ signature }) => signature.maker !== 'gemini')
  return {
    ...(google !== undefined && { google: { thought_signature: google.signature.value } }),
    ...(ours.length > 0 && {
      routex: {
        signature: ours.map(({ signature, text }) => wrapSigned(signature, text ?? '', 'openai-chat')).join('\n'),
        reasoning: ours.map(({ start, end }) => [start, end] as const)
      }
    })
  }
}
