import type { ProtocolId } from '../../../src/shared/protocol'
import type { Ask, AskPart, AskTurn } from '../vendors/asks/ask'
import type { Content } from '../vendors/content'
import type { FeatureName } from './outcomes'

/** What one column of the matrix is about: a question, its answer, and what of them must arrive. */
export interface Feature {
  readonly name: FeatureName
  /** What the client asks; null where its protocol can't say it. */
  ask(client: ProtocolId): Ask | null
  /** What the channel answers, in its vendor's own words. */
  answer(channel: ProtocolId): Content
  /** What of a request it is about, said alike in every protocol; undefined: nothing. */
  asked(ask: Ask): unknown
  /** What the client hears when nothing is lost. */
  hears(client: ProtocolId, channel: ProtocolId): Hears
}

/** Tokens by B31. */
export interface Tokens {
  readonly input: number
  readonly cacheRead: number
  readonly cacheWrite: number
  readonly output: number
  readonly reasoning: number
}

export interface Hears {
  readonly text?: string
  readonly thinking?: string
  /** Their ids are the channel's business, but there must be one for each. */
  readonly calls?: readonly { readonly name: string; readonly arguments: unknown }[]
  readonly refusal?: string
  readonly stop?: string
  readonly tokens?: Tokens
}

/** The turns with ids by their order, since each protocol has its own, and texts beside each other as one. */
export function plainTurns({ turns }: Ask): readonly AskTurn[] {
  let calls = 0
  let results = 0
  const plain = (part: AskPart): AskPart => {
    if ('call' in part) return { call: { ...part.call, id: `call ${++calls}` } }
    if ('result' in part) return { result: { ...part.result, id: `call ${++results}` } }
    return part
  }
  return turns.map(({ role, parts }) => ({ role, parts: parts.map(plain) }))
}

/** All parts of one kind, wherever they stand. */
export const partsOf = (ask: Ask, kind: 'image' | 'pdf'): readonly AskPart[] =>
  ask.turns.flatMap(({ parts }) => parts.filter((part) => kind in part))
