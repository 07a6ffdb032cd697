import { AnswerBuilder } from '../answer-builder'
import type { Answer, AnswerEvent } from '../canonical-answer'
import { isObject } from '../foreign-json'
import { BROKEN_ARGUMENTS, UnreadableAnswer } from '../translator'
import { ChoiceReader } from './decode-stream'

/**
 * A whole chat completion, read as a stream of one chunk, so that both say the same:
 * https://platform.openai.com/docs/api-reference/chat/object
 */
export function decodeAnswer(body: unknown): Answer {
  const builder = new AnswerBuilder()
  const reader = new ChoiceReader('whole')
  const add = (event: AnswerEvent): void => builder.add(event)
  if (isObject(body)) reader.read(body, add)
  reader.finish(add)
  if (reader.isBroken) throw new UnreadableAnswer(BROKEN_ARGUMENTS)
  return builder.answer
}
