import './schemas-without-eval'
import { calls, events, type CallName, type CallResult, type EventName, type EventPayload } from './contract'

interface Reader<T> {
  parse(value: unknown): T
}
// The same objects under a type that ties each name to its own shape.
const callReaders: { readonly [N in CallName]: { readonly result: Reader<CallResult<N>> } } = calls
const eventReaders: { readonly [N in EventName]: Reader<EventPayload<N>> } = events

/** The answer of a call, checked against the contract. Throws a ZodError when the other side speaks another version. */
export function readResult<N extends CallName>(name: N, value: unknown): CallResult<N> {
  return callReaders[name].result.parse(value)
}

/** The payload of an event, checked against the contract. Throws a ZodError like `readResult`. */
export function readEvent<N extends EventName>(name: N, value: unknown): EventPayload<N> {
  return eventReaders[name].parse(value)
}

/** Whether the contract has an event of this name: a newer Routex may send one that this page does not know. */
export function isEventName(name: string): name is EventName {
  return Object.hasOwn(events, name)
}
