import type { ProtocolId } from '../../shared/protocol'
import type { Conversation, Part } from './canonical'

/** B14: the same conversation without what vendors of this protocol signed or encrypted; null when there is nothing of it. */
export function withoutSignatures(conversation: Conversation, maker: ProtocolId): Conversation | null {
  const isSigned = (part: Part): boolean => part.type === 'reasoning' && part.signature?.maker === maker
  if (!conversation.turns.some(({ parts }) => parts.some(isSigned))) return null
  const turns = conversation.turns.map((turn) => ({ ...turn, parts: turn.parts.filter((part) => !isSigned(part)) }))
  return { ...conversation, turns: turns.filter(({ parts }) => parts.length > 0) }
}
