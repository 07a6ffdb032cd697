import type { Conversation, ToolCallPart } from './canonical'
import type { AnswerEvent } from './canonical-answer'
import type { Losses } from './losses'
import { fitPropertyNames, withKeys, type ClientKeys } from './property-names'
import { fitToolNames, type ClientNames } from './tool-names'
import type { Translator } from './translator'

/** The names that an upstream's calls have for the client: those of the tools and properties that it declared itself. */
export class ClientCalls {
  readonly #names: ClientNames
  readonly #keys: ClientKeys

  constructor(names: ClientNames = new Map(), keys: ClientKeys = new Map()) {
    this.#names = names
    this.#keys = keys
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
    return { ...call, name: this.nameOf(call.name), input: keys === null ? call.input : withKeys(call.input, keys) }
  }
}

/** The conversation in names that the other side takes, and the way back for its calls. */
export function fitNames(
  conversation: Conversation,
  { toolNames, propertyNames }: Pick<Translator, 'toolNames' | 'propertyNames'>,
  losses: Losses
): { readonly conversation: Conversation; readonly clientCalls: ClientCalls } {
  const named = fitToolNames(conversation, toolNames)
  const fitted = fitPropertyNames(named.conversation, propertyNames, losses)
  return { conversation: fitted.conversation, clientCalls: new ClientCalls(named.clientNames, fitted.clientKeys) }
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
    emit({ ...event, name: this.#calls.nameOf(event.name) })
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
