import type { Conversation } from './canonical'
import type { Losses } from './losses'
import { textPart } from './openai-chat/content'

/** An answer that the client began and wants gone on with, where a vendor refuses it as the last message. */

export const GO_ON = 'Go on with your answer exactly where it ends, without repeating or introducing anything.'

export const tellBegun = (losses: Losses): void => {
  losses.add('history', 'a begun answer: asked in words to go on with it')
}

/** The conversation with the request to go on, where its last turn is a begun answer. */
export function askedToGoOn(conversation: Conversation, losses: Losses): Conversation {
  const last = conversation.turns.at(-1)
  if (last?.role !== 'assistant') return conversation
  tellBegun(losses)
  return { ...conversation, turns: [...conversation.turns, { role: 'user', parts: [textPart(GO_ON)] }] }
}
