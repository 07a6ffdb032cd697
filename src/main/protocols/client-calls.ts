import type { Conversation, ToolCallPart } from './canonical'
import type { AnswerEvent } from './canonical-answer'
import type { Losses } from './losses'
import { fitPropertyNames, withKeys, type ClientKeys } from './property-names'
import { fitToolNames, type ClientNames } from './tool-names'
import type { Translator } from './translator'
import { CallIds, withUniqueCallIds } from './unique-call-ids'

/**
 * What an upstream's calls are for the client: named as the tools and properties that it declared itself, with ids that no
 * call of its history has.
 */
export class ClientCalls {
  readonly #names: ClientNames
  readonly #keys: ClientKeys
  /** Of the history, and of the answer so far. */
  readonly #ids: CallIds

  constructor(names: ClientNames = new Map(), keys: ClientKeys = new Map(), ids = new CallIds()) {
    this.#names = names
    this.#keys = keys
    this.#ids = ids
  }

  /** To be asked once for each call. */
  newId(sent: string): string {
    return this.#ids.newId(sent)
  }

  nameOf(sent: string): string {
    return this.#names.get(sent) ?? sent
  }

  /** null: the tool's properties have the client's own names. */
  keysOf(sent: string): ReadonlyMap<string, string> | null {
    return this.#keys.get(sent) ?? null
  }

  /** A whole call. */
  named(call: ToolCallPart): ToolCallPart {
    const keys = this.keysOf(call.name)
    const input = keys === null ? call.input : withKeys(call.input, keys)
    return { ...call, id: this.newId(call.id), name: this.nameOf(call.name), input }
  }
}

/** The conversation in names that the other side takes, with each call's id once, and the way back for its calls. */
export function fitNames(
  conversation: Conversation,
  { toolNames, propertyNames }: Pick<Translator, 'toolNames' | 'propertyNames'>,
  losses: Losses
): { readonly conversation: Conversation; readonly clientCalls: ClientCalls } {
  const unique = withUniqueCallIds(conversation)
  const named = fitToolNames(unique.conversation, toolNames)
  const fitted = fitPropertyNames(named.conversation, propertyNames, losses)
  const clientCalls = new ClientCalls(named.clientNames, fitted.clientKeys, unique.ids)
  return { conversation: fitted.conversation, clientCalls }
}

/**
 * Puts the client's names into a stream's calls. The input of a tool with renamed properties goes in one piece once it is
 * whole, since a name may come in pieces; all others go piece by piece.
 */
export class CallRenamer {
  readonly #calls: ClientCalls
  #keys: ReadonlyMap<string, string> | null = null
  #held: string[] = []

  constructor(calls: ClientCalls) {
    this.#calls = calls
  }

  /** Whether pieces of the call that is open are kept. */
  get isHolding(): boolean {
    return this.#keys !== null
  }

  push(event: AnswerEvent, emit: (event: AnswerEvent) => void): void {
    if (event.type === 'tool-input' && this.#keys !== null) {
      this.#held.push(event.json)
      return
    }
    this.#endCall(emit)
    if (event.type !== 'tool-start') {
      emit(event)
      return
    }
    this.#keys = this.#calls.keysOf(event.name)
    emit({ ...event, id: this.#calls.newId(event.id), name: this.#calls.nameOf(event.name) })
  }

  /** Whatever follows a call ends it. */
  #endCall(emit: (event: AnswerEvent) => void): void {
    if (this.#keys === null) return
    const json = withKeys(this.#held.join(''), this.#keys)
    this.#keys = null
    this.#held = []
    if (json !== '') emit({ type: 'tool-input', json })
  }
}
