import type { ProtocolId } from '../../../../src/shared/protocol'
import { messages } from './anthropic'
import { generateContent } from './gemini'
import { chat } from './openai-chat'
import { responses } from './openai-responses'

/** What a client wants, whatever its protocol: written and read by the vendors' pages, and by nothing of Routex. */
export interface Ask {
  readonly system?: string
  readonly turns: readonly AskTurn[]
  readonly tools?: readonly AskTool[]
  readonly choice?: 'auto' | 'required' | 'none' | { readonly name: string }
  /** Calls in parallel are switched off. */
  readonly serial?: true
  readonly webSearch?: true
  readonly maxTokens?: number
  readonly temperature?: number
  readonly topP?: number
  readonly topK?: number
  readonly seed?: number
  readonly presencePenalty?: number
  readonly stop?: readonly string[]
  readonly schema?: object
  readonly verbosity?: string
  readonly userId?: string
  /** In tokens, or in words. */
  readonly thinking?: number | string
}

export interface AskTurn {
  readonly role: 'user' | 'assistant'
  readonly parts: readonly AskPart[]
}

export type AskPart =
  | { readonly text: string }
  | { readonly image: Source }
  | { readonly pdf: Source }
  | { readonly call: AskCall }
  | { readonly result: AskResult }

/** Base64, or an address. */
export type Source = { readonly base64: string } | { readonly url: string }

interface AskCall {
  readonly id: string
  readonly name: string
  readonly arguments: unknown
}

export interface AskResult {
  readonly id: string
  readonly name: string
  readonly text: string
  readonly image?: Source
  readonly failed?: true
}

interface AskTool {
  readonly name: string
  readonly description: string
  readonly schema: object
}

export type Body = Readonly<Record<string, unknown>>

/** One protocol's requests. */
export interface Asking {
  write(ask: Ask): Body
  read(body: Body): Ask
}

export const ASKS: Readonly<Record<ProtocolId, Asking>> = {
  anthropic: messages,
  'openai-chat': chat,
  'openai-responses': responses,
  gemini: generateContent
}

/** Only what is said: nothing is undefined, and no list is empty. */
export function saidOf<T extends object>(parts: T): T {
  const said = Object.entries(parts).filter(
    ([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)
  )
  return Object.fromEntries(said) as T
}

/** What is made of a value where one is given. */
export const given = <Value, Made>(value: Value | undefined, make: (value: Value) => Made): Made | undefined =>
  value === undefined ? undefined : make(value)

/** Neighbours of one role are one turn. */
export function merged(turns: readonly AskTurn[]): readonly AskTurn[] {
  const all: AskTurn[] = []
  for (const { role, parts } of turns) {
    const last = all.at(-1)
    if (last?.role === role) all[all.length - 1] = { role, parts: [...last.parts, ...parts] }
    else all.push({ role, parts })
  }
  return all
}

export const dataUrl = (type: string, source: Source): string =>
  'url' in source ? source.url : `data:${type};base64,${source.base64}`

export function sourceOf(url: string): Source {
  const [, base64] = /^data:[^,]*;base64,(.*)$/.exec(url) ?? []
  return base64 === undefined ? { url } : { base64 }
}

/** Texts beside each other are one text, in protocols that can't tell them apart. */
export const user = (...parts: readonly AskPart[]): AskTurn => ({ role: 'user', parts })
export const assistant = (...parts: readonly AskPart[]): AskTurn => ({ role: 'assistant', parts })
