import { LRUCache } from 'lru-cache'
import type { ClientKeyId } from '../../shared/ids'
import { listIn, memberOf, textIn, without, type JsonObject } from '../protocols/foreign-json'

/** All that is kept, in bytes of JSON. */
const MOST_BYTES = 64 * 1024 * 1024
/** A conversation of more answers than that is not put together again: it would be a loop. */
const LONGEST_CHAIN = 10_000

interface Kept {
  readonly id: string
  readonly clientKeyId: ClientKeyId | null
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
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    sizeCalculation: sizeOf,
    dispose: ({ items }) => {
      for (const id of idsOf(items)) this.#itemHolder.delete(id)
    }
  })
  /** By the id of an item, the response that holds it. */
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
    const added = inputOf(body).filter((item) => textIn(item, 'type') !== 'item_reference')
    return {
      keep: (response) => {
        const id = textIn(response, 'id')
        if (response === null || id === null) return
        const items = [...added, ...listIn(response, 'output')]
        this.#kept.set(id, { id, clientKeyId, previous, items, response })
        if (this.#kept.has(id)) for (const item of idsOf(items)) this.#itemHolder.set(item, id)
      }
    }
  }

  /** null: not kept, or another key's. */
  find(id: string, clientKeyId: ClientKeyId | null): JsonObject | null {
    return this.#of(id, clientKeyId)?.response ?? null
  }

  /** What its request added to the conversation; null as above. */
  inputItems(id: string, clientKeyId: ClientKeyId | null): readonly unknown[] | null {
    const kept = this.#of(id, clientKeyId)
    return kept === null ? null : kept.items.slice(0, kept.items.length - listIn(kept.response, 'output').length)
  }

  forget(id: string): void {
    this.#kept.delete(id)
  }

  #of(id: string, clientKeyId: ClientKeyId | null): Kept | null {
    const kept = this.#kept.get(id)
    return kept === undefined || kept.clientKeyId !== clientKeyId ? null : kept
  }

  /** Everything up to and with this answer; null where a link of the chain is missing. */
  #conversation(last: string, clientKeyId: ClientKeyId | null): readonly unknown[] | null {
    const chain: Kept[] = []
    let id: string | null = last
    while (id !== null && chain.length < LONGEST_CHAIN) {
      const kept = this.#of(id, clientKeyId)
      if (kept === null) return null
      chain.push(kept)
      id = kept.previous
    }
    return chain.reverse().flatMap(({ items }) => items)
  }

  #referred(item: unknown, clientKeyId: ClientKeyId | null): unknown {
    if (textIn(item, 'type') !== 'item_reference') return item
    const id = textIn(item, 'id') ?? ''
    const holder = this.#of(this.#itemHolder.get(id) ?? '', clientKeyId)
    return holder?.items.find((one) => textIn(one, 'id') === id) ?? item
  }
}

/** `input` is a text or a list of items. */
function inputOf(body: JsonObject): readonly unknown[] {
  const text = textIn(body, 'input')
  return text === null ? listIn(body, 'input') : [{ type: 'message', role: 'user', content: text }]
}

const idsOf = (items: readonly unknown[]): readonly string[] => items.flatMap((item) => textIn(item, 'id') ?? [])

/** Characters stand for bytes: the bound is one of memory, not of a disk. */
const sizeOf = ({ items, response }: Kept): number => JSON.stringify(items).length + JSON.stringify(response).length
