import { LRUCache } from 'lru-cache'
import type { ClientKeyId } from '../../shared/ids'
import { jsonText, listIn, memberOf, textIn, without, type JsonObject } from '../protocols/foreign-json'

/** All that is kept, in bytes of JSON. */
const MOST_BYTES = 64 * 1024 * 1024

interface Kept {
  /** The answer that this one went on from. */
  readonly previous: string | null
  /** What its request added, and what was answered. */
  readonly items: readonly unknown[]
  readonly response: JsonObject
}

/** One request whose answer may be named later. */
export interface Keeper {
  /** The whole answer as the client got it; null where its channel keeps it itself. */
  keep(response: JsonObject | null): void
}

/**
 * Responses that were translated from a channel which keeps none, so that clients which count on it (`previous_response_id`,
 * `item_reference`, `GET /v1/responses/{id}`) work on every channel. In memory, 64 MB, the least recently used go first; an
 * answer holds only what its request added, so that a long conversation is kept once.
 */
export class ResponseStore {
  /** By client key and id: two upstreams may give the same one to two clients. */
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    sizeCalculation: sizeOf,
    dispose: ({ items }, key) => {
      for (const id of idsOf(items)) if (this.#itemHolder.get(id) === key) this.#itemHolder.delete(id)
    }
  })
  /** By client key and the id of an item, the key of the response that holds it. */
  readonly #itemHolder = new Map<string, string>()

  /**
   * A request's body with what it names put in its place; the body itself where it names nothing that is kept. What is not
   * known stays, for a channel that may know it.
   */
  recall(body: JsonObject, clientKeyId: ClientKeyId | null): JsonObject {
    const previous = textIn(body, 'previous_response_id')
    const before = previous === null ? [] : this.#conversation(previous, clientKeyId)
    const input = inputOf(body)
    const items = input.map((item) => this.#referred(item, clientKeyId))
    const isSame = items.every((item, index) => item === input[index])
    if (before === null || before.length === 0) return isSame ? body : { ...body, input: items }
    return { ...without(body, 'previous_response_id'), input: [...before, ...items] }
  }

  /** `body` as the client sent it, before it was recalled; null where it asks for nothing to be kept. */
  keeperFor(body: JsonObject, clientKeyId: ClientKeyId | null): Keeper | null {
    if (memberOf(body, 'store') === false) return null
    const previous = textIn(body, 'previous_response_id')
    const added = inputOf(body)
    return {
      keep: (response) => {
        const id = textIn(response, 'id')
        if (response === null || id === null) return
        const key = keyOf(id, clientKeyId)
        const items = [...added, ...listIn(response, 'output')]
        this.#kept.set(key, { previous, items, response })
        if (this.#kept.has(key)) for (const item of idsOf(items)) this.#itemHolder.set(keyOf(item, clientKeyId), key)
      }
    }
  }

  /** null: not kept, or another key's. */
  find(id: string, clientKeyId: ClientKeyId | null): JsonObject | null {
    return this.#kept.get(keyOf(id, clientKeyId))?.response ?? null
  }

  /** What its request added to the conversation; null as above. */
  inputItems(id: string, clientKeyId: ClientKeyId | null): readonly unknown[] | null {
    const kept = this.#kept.get(keyOf(id, clientKeyId))
    if (kept === undefined) return null
    const added = kept.items.slice(0, kept.items.length - listIn(kept.response, 'output').length)
    return added.map((item) => this.#referred(item, clientKeyId))
  }

  forget(id: string, clientKeyId: ClientKeyId | null): void {
    this.#kept.delete(keyOf(id, clientKeyId))
  }

  /** Everything up to and with this answer; null where a link of the chain is missing, or it never ends. */
  #conversation(last: string, clientKeyId: ClientKeyId | null): readonly unknown[] | null {
    const chain = new Set<Kept>()
    let id: string | null = last
    while (id !== null) {
      const kept = this.#kept.get(keyOf(id, clientKeyId))
      if (kept === undefined || chain.has(kept)) return null
      chain.add(kept)
      id = kept.previous
    }
    const items = [...chain].reverse().flatMap((kept) => kept.items)
    return items.map((item) => this.#referred(item, clientKeyId))
  }

  #referred(item: unknown, clientKeyId: ClientKeyId | null): unknown {
    if (!isReference(item)) return item
    const id = textIn(item, 'id') ?? ''
    const holder = this.#kept.get(this.#itemHolder.get(keyOf(id, clientKeyId)) ?? '')
    return holder?.items.find((one) => !isReference(one) && textIn(one, 'id') === id) ?? item
  }
}

/** Another key's may have the same id, since upstreams make them. */
const keyOf = (id: string, clientKeyId: ClientKeyId | null): string => `${clientKeyId ?? ''} ${id}`

/** `input` is a text or a list of items. */
function inputOf(body: JsonObject): readonly unknown[] {
  const text = textIn(body, 'input')
  return text === null ? listIn(body, 'input') : [{ type: 'message', role: 'user', content: text }]
}

const isReference = (item: unknown): boolean => textIn(item, 'type') === 'item_reference'

/** Of the items that are here themselves. */
const idsOf = (items: readonly unknown[]): readonly string[] =>
  items.flatMap((item) => (isReference(item) ? [] : (textIn(item, 'id') ?? [])))

/** Characters stand for bytes: the bound is one of memory, not of a disk. What can't be measured is not kept. */
const sizeOf = ({ items, response }: Kept): number =>
  (jsonText(items)?.length ?? MOST_BYTES) + (jsonText(response)?.length ?? MOST_BYTES)
