import { AnswerBuilder } from '../answer-builder'
import type { Answer, AnswerEvent } from '../canonical-answer'
import { UnreadableAnswer } from '../translator'
import { ResponseReader } from './decode-stream'

/** A whole answer is a stream of one chunk: https://ai.google.dev/api/generate-content#GenerateContentResponse */
export function decodeAnswer(body: unknown): Answer {
  const builder = new AnswerBuilder()
  const add = (event: AnswerEvent): void => {
    builder.add(event)
  }
  const reader = new ResponseReader()
  reader.read(body, add)
  if (reader.failure !== null) throw new UnreadableAnswer(reader.failure)
  reader.finish(add)
  return builder.answer
}
