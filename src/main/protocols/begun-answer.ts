import type { ProtocolId } from '../../shared/protocol'
import type { Quirks } from '../../shared/quirks'
import type { Conversation } from './canonical'
import { joinAnswers } from './joined-turns'
import type { Losses } from './losses'
import { textPart } from './openai-chat/content'
import { effortsOfModel } from './openai-model'

/** An answer that the client began and wants gone on with, where a vendor refuses it as the last message or begins anew. */

export const GO_ON = 'Go on with your answer exactly where it ends, without repeating or introducing anything.'

export const tellBegun = (losses: Losses): void => {
  losses.add('history', 'a begun answer: asked in words to go on with it')
}

/** The conversation with the request to go on, where it ends with a begun answer. */
export function askedToGoOn(conversation: Conversation, losses: Losses): Conversation {
  if (!isBegun(conversation)) return conversation
  tellBegun(losses)
  return { ...conversation, turns: [...conversation.turns, { role: 'user', parts: [textPart(GO_ON)] }] }
}

/** Reasoning alone begins no answer. */
function isBegun({ turns }: Conversation): boolean {
  const last = joinAnswers(turns).at(-1)
  if (last?.role !== 'assistant') return false
  return last.parts.some((part) => (part.type === 'text' || part.type === 'refusal') && part.text !== '')
}

/** A client of OpenAI's protocols may mean a new answer behind its last one. */
const MEAN_TO_GO_ON: ReadonlySet<ProtocolId> = new Set<ProtocolId>(['anthropic', 'gemini'])

interface Answering {
  readonly protocol: ProtocolId
  readonly model: string
  readonly quirks: Quirks
}

/** Responses and OpenAI's own models take a begun answer for a whole one: what follows in a new one is told to its client. */
export function tellAnsweredAnew(
  conversation: Conversation,
  client: ProtocolId,
  channel: Answering,
  losses: Losses
): void {
  if (MEAN_TO_GO_ON.has(client) && answersAnew(channel) && isBegun(conversation)) {
    losses.add('history', 'a begun answer: a new one follows it')
  }
}

function answersAnew({ protocol, model, quirks }: Answering): boolean {
  if (protocol === 'openai-responses') return true
  return protocol === 'openai-chat' && quirks.dropsPrefill !== true && effortsOfModel(model) !== null
}
