import type { ChannelId, ClientKeyId, RequestId } from '../../../shared/ids'
import type { ProtocolId } from '../../../shared/protocol'
import type { Outcome } from '../../../shared/request-log'

/** A record that can't be read. */
export class BadRecord extends Error {
  override readonly name = 'BadRecord'
}

// Hand-written, where elsewhere a schema stands: the schema library alone would double the worker's heap.
const OUTCOME_NAMES: ReadonlySet<string> = new Set<Outcome>([
  'ok',
  'client_error',
  'upstream_error',
  'truncated',
  'cancelled',
  'refused'
])
const PROTOCOL_NAMES: ReadonlySet<string> = new Set<ProtocolId>([
  'anthropic',
  'openai-chat',
  'openai-responses',
  'gemini'
])
export const isOutcome = (value: string): value is Outcome => OUTCOME_NAMES.has(value)
export const isProtocol = (value: string): value is ProtocolId => PROTOCOL_NAMES.has(value)
export const isRequestId = (value: string): value is RequestId => value !== ''
export const isChannelId = (value: string): value is ChannelId => value !== ''
export const isClientKeyId = (value: string): value is ClientKeyId => value !== ''
export const isText = (value: string): value is string => typeof value === 'string'

/** Takes the values of an array one after the other, each as what it must be. */
export class Values {
  readonly #values: readonly unknown[]
  #next = 0

  constructor(value: unknown) {
    if (!Array.isArray(value)) throw new BadRecord('not an array')
    this.#values = value
  }

  #bad(wanted: string): never {
    throw new BadRecord(`value ${this.#next} must be ${wanted}`)
  }

  text<T extends string>(is: (value: string) => value is T): T {
    const value = this.#values[this.#next++]
    return typeof value === 'string' && is(value) ? value : this.#bad('a known text')
  }

  textOrNull<T extends string>(is: (value: string) => value is T): T | null {
    return this.#isNull() ? this.#null() : this.text(is)
  }

  number(): number {
    const value = this.#values[this.#next++]
    return typeof value === 'number' ? value : this.#bad('a number')
  }

  numberOrNull(): number | null {
    return this.#isNull() ? this.#null() : this.number()
  }

  flag(): boolean {
    const value = this.#values[this.#next++]
    return typeof value === 'boolean' ? value : this.#bad('true or false')
  }

  list<T>(decode: (values: Values) => T): T[] {
    const value: unknown = this.#values[this.#next++]
    if (!Array.isArray(value)) return this.#bad('a list')
    return value.map((item: unknown) => decode(new Values(item)))
  }

  listOrNull<T>(decode: (values: Values) => T): T[] | null {
    return this.#isNull() ? this.#null() : this.list(decode)
  }

  /** What is left of the array. */
  texts(): readonly string[] {
    return this.#values.slice(this.#next).map(() => this.text(isText))
  }

  objectOrNull<T>(decode: (values: Values) => T): T | null {
    return this.#isNull() ? this.#null() : decode(new Values(this.#values[this.#next++]))
  }

  /** A place that an older record does not have counts as null. */
  #isNull(): boolean {
    return (this.#values[this.#next] ?? null) === null
  }

  #null(): null {
    this.#next++
    return null
  }
}
