import { listIn, textIn, type JsonObject } from './foreign-json'

const SAID = { message: 'text', reasoning: 'reasoning' } as const
type Said = (typeof SAID)[keyof typeof SAID]

/**
 * Which items of a streamed answer were told. Their places can't say it alone, since some upstreams (LiteLLM's bridge) give
 * all of them the same, and neither can ids, since others (GitHub Copilot) give an item another one with each event.
 */
export class ToldItems {
  readonly #ids = new Set<string>()
  /** What was said at a place, in one kind of text. */
  readonly #said = new Map<string, string>()
  /** Of items that have neither an id nor text. */
  readonly #contents = new Set<string>()

  addText(kind: string, place: string, itemId: string | null, text: string): void {
    if (itemId !== null) this.#ids.add(itemId)
    const key = `${kind === 'refusal' ? 'text' : kind} ${place}`
    this.#said.set(key, (this.#said.get(key) ?? '') + text)
  }

  add(item: JsonObject, place: string): void {
    for (const id of idsOf(item)) this.#ids.add(id)
    const kind = saidKind(item)
    if (kind === null) this.#contents.add(contentOf(item))
    else this.addText(kind, place, null, textOf(item))
  }

  /** `place`: null for any. */
  has(item: JsonObject, place: string | null): boolean {
    const ids = idsOf(item)
    if (ids.some((id) => this.#ids.has(id))) return true
    const kind = saidKind(item)
    if (kind !== null) return this.#hasText(kind, textOf(item), place)
    return (!isCall(item) || ids.length === 0) && this.#contents.has(contentOf(item))
  }

  /** Reasoning is told in more than one form. */
  #hasText(kind: Said, text: string, place: string | null): boolean {
    const wanted = squeezed(text)
    return [...this.#said].some(([key, said]) => {
      if (place === null ? !key.startsWith(`${kind} `) : key !== `${kind} ${place}`) return false
      return wanted === '' || (kind === 'text' ? squeezed(said) === wanted : squeezed(said).includes(wanted))
    })
  }
}

export const isCall = (item: JsonObject): boolean =>
  ['function_call', 'custom_tool_call'].includes(textIn(item, 'type') ?? '')

/** A call's own id stays the same where that of its item doesn't. */
function idsOf(item: JsonObject): readonly string[] {
  const callId = textIn(item, 'call_id')
  const id = textIn(item, 'id')
  return [callId ?? '', id ?? ''].filter((one) => one !== '')
}

function saidKind(item: JsonObject): Said | null {
  const type = textIn(item, 'type')
  return type === 'message' || type === 'reasoning' ? SAID[type] : null
}

function textOf(item: JsonObject): string {
  const summary = listIn(item, 'summary')
  const pieces = summary.length > 0 ? summary : listIn(item, 'content')
  return pieces.map((piece) => textIn(piece, 'text') ?? textIn(piece, 'refusal') ?? '').join('')
}

const contentOf = (item: JsonObject): string => JSON.stringify({ ...item, id: '', status: '' })

const squeezed = (text: string): string => text.replaceAll(/\s+/g, '')
