import { hash } from 'node:crypto'
import { jsonText, parseExactJson, textIn } from '../protocols/foreign-json'
import { isReference } from '../protocols/item-reference'

/** What a value takes besides its JSON, in bytes: its digest, its places in the tables, the objects around it. */
const VALUE_COST = 512

/** A JSON value as bytes, so that it is known what it takes. */
export class SharedValue {
  readonly owner: string
  readonly digest: string
  /** What a reference to it names; null for a value that nobody can refer to. */
  readonly id: string | null
  readonly #json: Uint8Array
  holders = 0

  constructor(owner: string, digest: string, id: string | null, json: Uint8Array) {
    this.owner = owner
    this.digest = digest
    this.id = id
    this.#json = json
  }

  /** In bytes. */
  get size(): number {
    return this.#json.length + VALUE_COST
  }

  /** A new object each time, its numbers as they were spelled. */
  read(): unknown {
    return parseExactJson(DECODER.decode(this.#json))
  }
}

const ENCODER = new TextEncoder()
const DECODER = new TextDecoder()

/** JSON values of which equal ones of one owner are kept once, for as long as anybody holds them. */
export class SharedValues {
  readonly #byDigest = new Map<string, SharedValue>()
  /** Of two with one id, the one that was taken last. */
  readonly #byId = new Map<string, SharedValue>()
  #size = 0

  /** Of all that are held, in bytes. */
  get size(): number {
    return this.#size
  }

  /** The caller holds it, until it releases it. null: it is nested too deep to be written. */
  take(owner: string, value: unknown): SharedValue | null {
    const text = jsonText(value)
    if (text === null) return null
    const json = ENCODER.encode(text)
    const digest = hash('sha256', json, 'base64')
    const shared = this.#byDigest.get(keyOf(owner, digest)) ?? this.#add(owner, digest, value, json)
    if (shared.id !== null) this.#byId.set(keyOf(owner, shared.id), shared)
    shared.holders += 1
    return shared
  }

  release(shared: SharedValue): void {
    shared.holders -= 1
    if (shared.holders > 0) return
    const { owner, digest, id } = shared
    this.#size -= shared.size
    this.#byDigest.delete(keyOf(owner, digest))
    if (id !== null && this.#byId.get(keyOf(owner, id)) === shared) this.#byId.delete(keyOf(owner, id))
  }

  find(owner: string, id: string): SharedValue | null {
    return this.#byId.get(keyOf(owner, id)) ?? null
  }

  #add(owner: string, digest: string, value: unknown, json: Uint8Array): SharedValue {
    const shared = new SharedValue(owner, digest, isReference(value) ? null : textIn(value, 'id'), json)
    this.#byDigest.set(keyOf(owner, digest), shared)
    this.#size += shared.size
    return shared
  }
}

const keyOf = (owner: string, name: string): string => `${owner} ${name}`
