import type { Effort, Part, ReasoningPart, ReasoningWish, Signature, Target } from '../canonical'
import { budgetOf, effortOf, nearestEffort } from '../effort'
import {
  isObject,
  listIn,
  memberOf,
  numberIn,
  objectIn,
  parseJson,
  textIn,
  without,
  type JsonObject
} from '../foreign-json'
import type { Losses } from '../losses'
import { effortFor, effortsOfModel, type SentEffort } from '../openai-model'
import { unwrapSignature, wrapSignature } from '../signatures'
import type { ExtraContent, ReasoningMembers } from './wire'

/** How much to reason, and what came of it. Chat has no one way for either: OpenAI's own is `reasoning_effort` alone. */

const EFFORTS = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const satisfies readonly Effort[]
const DEFAULT_EFFORTS = ['minimal', 'low', 'medium', 'high'] as const satisfies readonly Effort[]

/**
 * `reasoning_effort`, OpenRouter's `reasoning`, `thinking` as DeepSeek, Kimi and GLM have it, Qwen's `enable_thinking`, which
 * vLLM's clients put under `chat_template_kwargs`. null where nothing was said.
 */
export function decodeWish(body: JsonObject): ReasoningWish | null {
  const asked = objectIn(body, 'reasoning')
  const effort = textIn(body, 'reasoning_effort') ?? textIn(asked, 'effort')
  const isOn = switchIn(body)
  if (isOn === false || effort === 'none') return { kind: 'off' }
  const shown = memberOf(asked, 'exclude') === true ? false : null
  const known = EFFORTS.find((one) => one === effort)
  if (known !== undefined) return { kind: 'effort', effort: known, shown }
  const tokens = budgetIn(body)
  if (tokens !== null && tokens > 0) return { kind: 'budget', tokens: Math.round(tokens), shown }
  return isOn === true ? { kind: 'adaptive', shown } : null
}

const budgetIn = (body: JsonObject): number | null =>
  numberIn(body['reasoning'], 'max_tokens') ??
  numberIn(body['thinking'], 'budget_tokens') ??
  numberIn(body, 'thinking_budget')

/** On or off, in so many words; null where neither was said. */
function switchIn(body: JsonObject): boolean | null {
  const type = textIn(body['thinking'], 'type')
  if (type !== null) return type !== 'disabled'
  const switches = [
    body['enable_thinking'],
    memberOf(body['chat_template_kwargs'], 'enable_thinking'),
    memberOf(body['reasoning'], 'enabled')
  ]
  return switches.find((one) => typeof one === 'boolean') ?? null
}

/** The members that ask a channel for it (quirk `reasoningControl`). */
export function encodeWish(wish: ReasoningWish | null, target: Target, losses: Losses): JsonObject {
  const { quirks } = target
  if (wish === null) return {}
  const known = quirks.efforts ?? DEFAULT_EFFORTS
  switch (quirks.reasoningControl) {
    case 'reasoning':
      return { reasoning: openRouterWish(wish, known, losses) }
    case 'thinking':
      return thinkingWish(wish, quirks.efforts ?? null, losses)
    case 'enable_thinking':
      return qwenWish(wish)
    case 'none':
      if (wish.kind !== 'adaptive') losses.add('reasoning')
      return {}
    default: {
      const ofModel = ownEfforts(target)
      if (ofModel !== null) return ownWish(wish, ofModel, losses)
      if (wish.kind === 'off') return effortNone(quirks.takesEffortNone === true, losses)
      return wish.kind === 'adaptive' ? {} : { reasoning_effort: fitEffort(wish, known, losses) }
    }
  }
}

/**
 * The efforts of OpenAI's own models, empty for those that don't reason; null for others, which go by the quirks. A channel that
 * asks in a way of its own fits what its models refuse by itself (OpenRouter).
 */
export function ownEfforts({ model, quirks }: Target): readonly SentEffort[] | null {
  const control = quirks.reasoningControl ?? 'reasoning_effort'
  return control === 'reasoning_effort' || control === 'none' ? effortsOfModel(model) : null
}

function ownWish(wish: ReasoningWish, known: readonly SentEffort[], losses: Losses): JsonObject {
  if (known.length === 0) {
    if (wish.kind === 'effort' || wish.kind === 'budget') losses.add('reasoning')
    return {}
  }
  const effort = effortFor(wish, known, DEFAULT_EFFORTS, losses)
  return effort === null ? {} : { reasoning_effort: effort }
}

/** Most refuse it, as OpenAI's before GPT-5.1 do. */
function effortNone(isKnown: boolean, losses: Losses): JsonObject {
  if (isKnown) return { reasoning_effort: 'none' }
  losses.add('reasoning', 'off')
  return {}
}

type Amount = Extract<ReasoningWish, { kind: 'effort' | 'budget' }>

function fitEffort(wish: Amount, known: readonly Effort[], losses: Losses): Effort {
  if (wish.kind === 'budget') return nearestEffort(effortOf(wish.tokens), known)
  const effort = nearestEffort(wish.effort, known)
  if (effort !== wish.effort) losses.add('reasoning', `${wish.effort} → ${effort}`)
  return effort
}

/** https://openrouter.ai/docs/use-cases/reasoning-tokens#controlling-reasoning-tokens */
function openRouterWish(wish: ReasoningWish, known: readonly Effort[], losses: Losses): JsonObject {
  if (wish.kind === 'off') return { effort: 'none' }
  const hidden = wish.shown === false ? { exclude: true } : {}
  switch (wish.kind) {
    case 'adaptive':
      return { enabled: true, ...hidden }
    case 'budget':
      return { max_tokens: wish.tokens, ...hidden }
    case 'effort':
      return { effort: fitEffort(wish, known, losses), ...hidden }
  }
}

/** On or off; how much is told beside it where the channel names its efforts (DeepSeek). */
function thinkingWish(wish: ReasoningWish, known: readonly Effort[] | null, losses: Losses): JsonObject {
  if (wish.kind === 'off') return { thinking: { type: 'disabled' } }
  const on = { thinking: { type: 'enabled' } }
  if (wish.kind === 'adaptive') return on
  if (known !== null) return { ...on, reasoning_effort: fitEffort(wish, known, losses) }
  losses.add('reasoning', 'only on or off')
  return on
}

/** https://www.alibabacloud.com/help/en/model-studio/deep-thinking */
function qwenWish(wish: ReasoningWish): JsonObject {
  if (wish.kind === 'off') return { enable_thinking: false }
  if (wish.kind === 'adaptive') return { enable_thinking: true }
  return { enable_thinking: true, thinking_budget: wish.kind === 'budget' ? wish.tokens : budgetOf(wish.effort) }
}

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

/** A signature that came with a message or a call, and which characters of the message's reasoning it signs. */
export interface Claim {
  readonly signature: Signature
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
    const signature = unwrapSignature(text, 'openai-chat')
    return { signature, start: edgeOf(spans[index], 0), end: edgeOf(spans[index], 1) }
  })
  return google === null ? claims : [...claims, { signature: { maker: 'gemini', value: google }, start: 0, end: 0 }]
}

function edgeOf(span: unknown, at: 0 | 1): number {
  const edge: unknown = Array.isArray(span) ? span[at] : 0
  return typeof edge === 'number' ? edge : 0
}

/** The reasoning of an assistant's message in a history: what stands before its text, and before each of its calls. */
export interface HistoryReasoning {
  readonly first: readonly ReasoningPart[]
  readonly before: readonly (readonly ReasoningPart[])[]
}

/**
 * A client may have lost or changed the text (OpenAI's SDK keeps a stream's last piece of it only); then its signatures are
 * left out, since their maker would refuse them.
 */
export function decodeHistory(message: JsonObject, calls: readonly unknown[]): HistoryReasoning {
  const details = detailsIn(message)
  const text = plainReasoning(message, details)
  const holders = [message, ...calls].map(claimsIn)
  const isKept = holders.flat().every(({ end }) => end <= text.length)
  const free: string[] = []
  let at = 0
  const take = ({ signature, start, end }: Claim): readonly ReasoningPart[] => {
    if (start === end) return [{ type: 'reasoning', text: '', signature }]
    if (!isKept || start < at || start > end) return []
    free.push(text.slice(at, start))
    at = end
    return [{ type: 'reasoning', text: text.slice(start, end), signature }]
  }
  const [onMessage = [], ...before] = holders.map((claims) => claims.flatMap(take))
  const rest = free.join('') + text.slice(at)
  return { first: [...(rest === '' ? [] : [unsigned(rest)]), ...details, ...onMessage], before }
}

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
      ...textMember(reasoning, parts, target),
      ...(details.length > 0 && { reasoning_details: details }),
      ...googleExtra(onMessage)
    },
    calls: onCalls.map(googleExtra)
  }
}

/**
 * Kimi and DeepSeek refuse a call whose reasoning is missing, as it is where another model made the call; a blank is the
 * least that they take: https://github.com/anomalyco/opencode/issues/10996
 */
function textMember(reasoning: readonly ReasoningPart[], parts: readonly Part[], { quirks }: Target): ReasoningMembers {
  const field = quirks.reasoningField
  if (field === undefined) return {}
  const text = reasoning.map((part) => part.text).join('')
  if (text !== '') return { [field]: text }
  return parts.some((part) => part.type === 'tool-call') ? { [field]: ' ' } : {}
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
  #pending: Claim[] = []
  #onMessage = false

  text(text: string): void {
    this.#openedAt ??= this.#written
    this.#written += text.length
  }

  /** Those of a chat vendor stand among its own details. */
  sign(signature: Signature): void {
    const start = this.#openedAt ?? this.#written
    this.#openedAt = null
    if (signature.maker !== 'openai-chat') this.#pending.push({ signature, start, end: this.#written })
  }

  /** Other parts follow. */
  close(): void {
    this.#openedAt = null
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
        signature: ours.map(({ signature }) => wrapSignature(signature, 'openai-chat')).join('\n'),
        reasoning: ours.map(({ start, end }) => [start, end] as const)
      }
    })
  }
}
