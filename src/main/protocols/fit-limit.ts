import type { Quirks } from '../../shared/quirks'
import type { Conversation } from './canonical'
import type { Losses } from './losses'

/**
 * An answer's limit above what the model can write is refused, though it would have stopped there anyway: it is cut to that.
 * `most`: of the model, by its name; null where nothing is known of it. A channel's own (quirk `mostTokens`) counts before it.
 */
export function fitLimit(
  conversation: Conversation,
  most: number | null,
  { mostTokens }: Quirks,
  losses: Losses
): Conversation {
  const { maxTokens } = conversation
  const limit = mostTokens ?? most
  if (maxTokens === null || limit === null || maxTokens <= limit) return conversation
  losses.add('max_tokens', `${maxTokens} → ${limit}`)
  return { ...conversation, maxTokens: limit }
}
