import { LRUCache } from 'lru-cache'
import type { ClientKeyId } from '../../shared/ids'
import { isObject, listIn, memberOf, textIn, without, type JsonObject } from '../protocols/foreign-json'
import { isReference } from '../protocols/item-reference'
import { SharedValues, type SharedValue } from './shared-values'

/** All that is kept, in bytes. */
const MOST_BYTES = 64 * 1024 * 1024

/** What an entry takes besides its values, and for each of them. */
const ENTRY_COST = 512
const PLACE_COST = 16

/** Of an answer, what it repeats of its request: each turn's is the same, and tools are long. */
const REPEATED = ['tools', 'instructions'] as const

interface Kept {
  /** The answer that this one went on from. */
  readonly previous: string | null
  /** What its request added. */
  readonly added: readonly SharedValue[]
  readonly output: readonly SharedValue[]
  readonly repeated: readonly (readonly [name: string, value: SharedValue])[]
  /** The rest of the answer. */
  readonly rest: SharedValue
}

/** One request whose answer may be named later. */
export interface Keeper {
  /** The whole answer as the client got it; null where its channel keeps it itself. */
  keep(response: JsonObject | null): void
}

/**
 * Responses that were translated from a channel which keeps none, so that clients which count on it (`previous_response_id`,
 * `item_reference`, `GET /v1/responses/{id}`) work on every channel. In memory, 64 MB, the least recently used go first. A
 * conversation is kept once, whether its turns go on from each other or each sends the whole of it anew: an answer holds only
 * what its request added, and what several hold is shared.
 */
export class ResponseStore {
  readonly #values = new SharedValues()
  /** By client key and id: two upstreams may give the same one to two clients. */
  readonly #kept = new LRUCache<string, Kept>({
    maxSize: MOST_BYTES,
    sizeCalculation: (kept, key) => ENTRY_COST + 2 * key.length + PLACE_COST * valuesOf(kept).length,
    dispose: (kept) => {
      this.#release(valuesOf(kept))
    }
  })

  /**
   * A request's body with what it names put in its place; the body itself where it names nothing that is kept. What is not
   * known stays, for a channel that may know it.
   */
  recall(body: JsonObject, clientKeyId: ClientKeyId | null): JsonObject {
    const previous = textIn(body, 'previous_response_id')
    const before = previous === null ? [] : this.#conversation(previous, clientKeyId)
    const input = inputOf(body)
    const items = this.#referred(input, clientKeyId)
    const isSame = items.every((item, index) => item === input[index])
    if (before === null || before.length === 0) return isSame ? body : { ...body, input: items }
    return { ...without(body, 'previous_response_id'), input: [...before, ...items] }
  }

  /** `body` as it was before it was recalled, or with items for references; null where it asks for nothing to be kept. */
  keeperFor(body: JsonObject, clientKeyId: ClientKeyId | null): Keeper | null {
    if (memberOf(body, 'store') === false) return null
    const previous = textIn(body, 'previous_response_id')
    // What is referred to may be gone when the answer comes.
    const added = this.#referred(inputOf(body), clientKeyId)
    return {
      keep: (response) => {
        const id = textIn(response, 'id')
        if (response === null || id === null) return
        this.#keep(keyOf(id, clientKeyId), this.#take(response, added, previous, clientKeyId))
      }
    }
  }

  /** null: not kept, or another key's. */
  find(id: string, clientKeyId: ClientKeyId | null): JsonObject | null {
    const kept = this.#kept.get(keyOf(id, clientKeyId))
    const rest = kept?.rest.read()
    if (kept === undefined || !isObject(rest)) return null
    const repeated = Object.fromEntries(kept.repeated.map(([name, value]) => [name, value.read()]))
    return { ...rest, ...repeated, output: read(kept.output) }
  }

  /** What its request added to the conversation; null as above. */
  inputItems(id: string, clientKeyId: ClientKeyId | null): readonly unknown[] | null {
    const kept = this.#kept.get(keyOf(id, clientKeyId))
    return kept === undefined ? null : read(kept.added)
  }

  forget(id: string, clientKeyId: ClientKeyId | null): void {
    this.#kept.delete(keyOf(id, clientKeyId))
  }

  /** What can't be written, or is larger than all that may be kept, is not kept, and puts nothing out. */
  #keep(key: string, kept: Kept | null): void {
    if (kept === null) return
    const values = valuesOf(kept)
    if (sizeOf(new Set(values)) > MOST_BYTES) {
      this.#release(values)
      return
    }
    this.#kept.set(key, kept)
    while (this.#kept.calculatedSize + this.#values.size > MOST_BYTES && this.#kept.size > 1) this.#kept.pop()
  }

  /** null: part of it can't be written. */
  #take(
    response: JsonObject,
    added: readonly unknown[],
    previous: string | null,
    clientKeyId: ClientKeyId | null
  ): Kept | null {
    const taken: SharedValue[] = []
    const take = (value: unknown): SharedValue[] => {
      const shared = this.#values.take(ownerOf(clientKeyId), value)
      if (shared !== null) taken.push(shared)
      return shared === null ? [] : [shared]
    }
    const output = listIn(response, 'output')
    const names = REPEATED.filter((name) => name in response)
    const kept = {
      previous,
      added: added.flatMap(take),
      output: output.flatMap(take),
      repeated: names.flatMap((name) => take(response[name]).map((value) => [name, value] as const))
    }
    const [rest] = take(without(response, 'output', ...REPEATED))
    if (rest !== undefined && taken.length === added.length + output.length + names.length + 1) return { ...kept, rest }
    this.#release(taken)
    return null
  }

  #release(values: readonly SharedValue[]): void {
    for (const value of values) this.#values.release(value)
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
    return [...chain].reverse().flatMap(({ added, output }) => read([...added, ...output]))
  }

  /** With the items that are kept in the place of references to them. */
  #referred(items: readonly unknown[], clientKeyId: ClientKeyId | null): readonly unknown[] {
    const owner = ownerOf(clientKeyId)
    return items.map((item) =>
      isReference(item) ? (this.#values.find(owner, textIn(item, 'id') ?? '')?.read() ?? item) : item
    )
  }
}

const ownerOf = (clientKeyId: ClientKeyId | null): string => clientKeyId ?? ''

/** Another key's may have the same id, since upstreams make them. */
const keyOf = (id: string, clientKeyId: ClientKeyId | null): string => `${ownerOf(clientKeyId)} ${id}`

/** `input` is a text or a list of items. */
export function inputOf(body: JsonObject): readonly unknown[] {
  const text = textIn(body, 'input')
  return text === null ? listIn(body, 'input') : [{ type: 'message', role: 'user', content: text }]
}

const read = (values: readonly SharedValue[]): readonly unknown[] => values.map((value) => value.read())

const valuesOf = ({ added, output, repeated, rest }: Kept): readonly SharedValue[] => [
  ...added,
  ...output,
  ...repeated.map(([, value]) => value),
  rest
]

function sizeOf(values: Iterable<SharedValue>): number {
  let size = 0
  for (const value of values) size += value.size
  return size
}
