import type { Quirks } from '../../shared/quirks'
import type { Conversation } from './canonical'
import { fitLimit } from './fit-limit'
import { fitMedia, type TakenMedia } from './fit-media'
import { fitTools } from './fit-tools'
import { withoutLoneResults } from './lone-results'
import type { Losses } from './losses'
import { pairCalls } from './paired-calls'

/** What a model takes, by its name; null where nothing is known of it. A channel's quirks count before it. */
interface Taken {
  readonly tools: number | null
  readonly media: TakenMedia
  /** Tokens of an answer. */
  readonly tokens: number | null
}

/**
 * The conversation with each call answered in its place, and with what its target refuses by number or by kind cut off or put in
 * words; each loss is told.
 */
export function fitConversation(asked: Conversation, taken: Taken, quirks: Quirks, losses: Losses): Conversation {
  const paired = withoutLoneResults(pairCalls(asked), losses)
  const withTools = fitTools(paired, taken.tools, quirks, losses)
  const withMedia = fitMedia(withTools, taken.media, quirks, losses)
  return fitLimit(withMedia, taken.tokens, quirks, losses)
}
