import type { Effort, ReasoningPart, ReasoningWish, Signature, Target, Tool } from '../canonical'
import { wishFor } from '../effort'
import { listIn, objectIn, textIn, textsOf, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { effortFor, effortsOfModel, effortsOfOpenModel, takesEffort, type SentEffort } from '../openai-model'
import { UNSIGNED, unwrapSignature, wrapSignature } from '../signatures'
import { ItemWriter, type EventWriter } from './stream'
import type { InputItem, ReasoningItem, RequestReasoning, ResponseOutputItem } from './wire'

const OWN = 'openai-responses'

/** Of models of other vendors (quirks.ts, `efforts`). */
const USUAL: readonly Effort[] = ['minimal', 'low', 'medium', 'high']

/** Whether `reasoning.encrypted_content` may be asked for: models that don't reason answer 400 to it. */
export const mayReason = (model: string): boolean => effortsOfModel(model)?.length !== 0

export function decodeReasoning(body: JsonObject, losses: Losses): ReasoningWish | null {
  const reasoning = objectIn(body, 'reasoning')
  const effort = textIn(reasoning, 'effort')
  const summary = textIn(reasoning, 'summary') ?? textIn(reasoning, 'generate_summary') ?? 'none'
  const shown = summary === 'none' ? null : true
  const mode = textIn(reasoning, 'mode')
  if (mode !== null && mode !== 'standard') losses.add('reasoning', `mode ${mode}`)
  if (effort === 'none') return { kind: 'off' }
  if (effort === null) return shown === null ? null : { kind: 'adaptive', shown }
  if (isEffort(effort)) return { kind: 'effort', effort, shown }
  losses.add('reasoning', effort)
  return { kind: 'adaptive', shown }
}

const EFFORTS: readonly Effort[] = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max']
const isEffort = (text: string): text is Effort => EFFORTS.some((effort) => effort === text)

/** null: nothing is sent, and the model does as it does by itself. */
export function encodeReasoning(
  asked: ReasoningWish | null,
  tools: readonly Tool[],
  target: Target,
  losses: Losses
): RequestReasoning | null {
  const known = knownEfforts(target)
  const wish = wishFor(asked, known !== null)
  if (wish === null) return null
  if (target.quirks.reasoningControl === 'none' || known?.length === 0 || !takesEffort(target)) {
    if (wish.kind === 'effort' || wish.kind === 'budget') losses.add('reasoning')
    return null
  }
  const effort = effortFor(wish, known && fitEfforts(known, tools), fitEfforts(USUAL, tools), losses)
  const shown: RequestReasoning | null = wish.kind !== 'off' && wish.shown === true ? { summary: 'auto' } : null
  return effort === null ? shown : { effort, ...shown }
}

const knownEfforts = ({ model, quirks }: Target): readonly SentEffort[] | null =>
  quirks.efforts ?? effortsOfOpenModel(model) ?? effortsOfModel(model)

/** "The following tools cannot be used with reasoning.effort 'minimal': web_search.", and so of the other hosted ones. */
function fitEfforts<T extends string>(efforts: readonly T[], tools: readonly Tool[]): readonly T[] {
  const isHosted = tools.some((tool) => tool.kind === 'hosted' && tool.tool !== 'web_fetch')
  const more = isHosted ? efforts.filter((effort) => effort !== 'minimal') : efforts
  return more.length > 0 ? more : efforts
}

/**
 * Encrypted reasoning can be read with the id of its item alone ("Encrypted content item_id did not match the target item
 * id"), so a signature of this protocol is `<item id>:<encrypted content>`; the id is '' where the client sent none.
 */
function ownSignature(itemId: string | null, encrypted: string): Signature {
  const signature = unwrapSignature(encrypted, OWN)
  if (signature.maker !== OWN || signature.value !== encrypted) return signature
  const id = itemId === null || itemId.includes(':') ? '' : itemId
  return { maker: OWN, value: `${id}:${encrypted}` }
}

function splitSignature(value: string): { readonly id: string; readonly encrypted: string } {
  const colon = value.indexOf(':')
  return { id: value.slice(0, Math.max(0, colon)), encrypted: value.slice(colon + 1) }
}

/** What lies between two parts of a summary, which are paragraphs of one text. */
export const PARAGRAPH = '\n\n'

/** A `reasoning` item of a history or an answer; open models tell the text itself in `content`. null: it says nothing. */
export function decodeReasoningItem(item: JsonObject): ReasoningPart | null {
  const summary = textsOf(listIn(item, 'summary'))
  const text = summary.length > 0 ? summary.join(PARAGRAPH) : textsOf(listIn(item, 'content')).join(PARAGRAPH)
  const signature = signatureOf(item)
  return text === '' && signature === null ? null : { type: 'reasoning', text, signature }
}

export function signatureOf(item: JsonObject): Signature | null {
  const encrypted = textIn(item, 'encrypted_content')
  return encrypted === null || encrypted === UNSIGNED ? null : ownSignature(textIn(item, 'id'), encrypted)
}

/** For an upstream: only what it encrypted itself; without that it would look for the item in its store, and fail. */
export function encodeReasoningInput({ text, signature }: ReasoningPart): InputItem | null {
  if (signature?.maker !== OWN) return null
  const { id, encrypted } = splitSignature(signature.value)
  return { type: 'reasoning', ...(id === '' ? {} : { id }), summary: summaryOf(text), encrypted_content: encrypted }
}

/**
 * For a client, which sends it back: another vendor's signature goes along, wrapped; what nobody signed is marked, since Codex
 * leaves the ids of its items out and OpenAI refuses it. `id`: where its maker gave none.
 */
export function encodeReasoningOutput({ text, signature }: ReasoningPart, id: string): ReasoningItem {
  const item: ReasoningItem = { id, type: 'reasoning', summary: summaryOf(text) }
  if (signature === null) return { ...item, encrypted_content: UNSIGNED }
  if (signature.maker !== OWN) return { ...item, encrypted_content: wrapSignature(signature, OWN) }
  const own = splitSignature(signature.value)
  return { ...item, ...(own.id === '' ? {} : { id: own.id }), encrypted_content: own.encrypted }
}

const summaryOf = (text: string): ReasoningItem['summary'] => (text === '' ? [] : [{ type: 'summary_text', text }])

/** Writes reasoning as it comes: as one part of a summary, which is what clients show. */
export class ReasoningWriter extends ItemWriter {
  readonly #pieces: string[] = []

  constructor(events: EventWriter, index: number, id: string) {
    super(events, index, { id, type: 'reasoning', summary: [] })
  }

  add(delta: string): void {
    if (this.#pieces.length === 0) {
      const part = { type: 'summary_text' as const, text: '' }
      this.tell({ type: 'response.reasoning_summary_part.added', ...this.#partAt, part })
    }
    this.#pieces.push(delta)
    this.tell({ type: 'response.reasoning_summary_text.delta', ...this.#partAt, delta })
  }

  override end(_cut: boolean, signature: Signature | null = null): ResponseOutputItem {
    const text = this.#pieces.join('')
    if (this.#pieces.length > 0) {
      this.tell({ type: 'response.reasoning_summary_text.done', ...this.#partAt, text })
      const part = { type: 'summary_text' as const, text }
      this.tell({ type: 'response.reasoning_summary_part.done', ...this.#partAt, part })
    }
    // Its first event has told another id already than the one that an upstream of this protocol may have signed for.
    return this.done({ ...encodeReasoningOutput({ type: 'reasoning', text, signature }, this.id), id: this.id })
  }

  get #partAt() {
    return { ...this.at, summary_index: 0 }
  }
}
