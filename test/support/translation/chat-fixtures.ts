import { readFileSync } from 'node:fs'
import { AnswerBuilder } from '../../../src/main/protocols/answer-builder'
import type { Answer, AnswerEvent, Finish } from '../../../src/main/protocols/canonical-answer'
import { isObject, type JsonObject } from '../../../src/main/protocols/foreign-json'
import { openaiChat } from '../../../src/main/protocols/openai-chat'
import { createStreamDecoder } from '../../../src/main/protocols/openai-chat/decode-stream'
import { StreamInspector, type Disposition, type OversizedPlan } from '../../../src/main/protocols/event-reader'
import { SseReader } from '../../../src/main/protocols/sse'
import type { StreamEvent } from '../../../src/main/protocols/stream-event'

const folder = new URL('../../fixtures/translation/openai-chat/', import.meta.url)

export const fixtureBytes = (name: string): Buffer => readFileSync(new URL(name, folder))

export function fixtureJson(name: string): JsonObject {
  const json: unknown = JSON.parse(fixtureBytes(name).toString())
  if (!isObject(json)) throw new Error(name)
  return json
}

/** Hands a stream's events to a decoder, as the relay does. */
class Feeding extends StreamInspector {
  override readonly usage = null
  override readonly usageSoFar = null
  override readonly rawUsage = null
  readonly said: AnswerEvent[] = []
  readonly #decoder = createStreamDecoder()
  readonly #emit = (event: AnswerEvent): void => void this.said.push(event)

  override inspect(event: StreamEvent): Disposition {
    this.#decoder.push(event, this.#emit)
    return 'drop'
  }

  override oversized(): OversizedPlan {
    return 'keep'
  }

  override closed(): null {
    this.#decoder.close(this.#emit)
    return null
  }
}

const OPTIONS = { framing: 'sse', operation: 'generate', dropUsageChunk: false } as const

/**
 * What a stream says, its bytes cut into pieces of these sizes (the last one repeats), read by the protocol's own reader and
 * then by the decoder. `closed`: the upstream closed in good order.
 */
export function decodeStream(
  bytes: Buffer | string,
  sizes: readonly number[] = [],
  closed = true
): readonly AnswerEvent[] {
  const feeding = new Feeding()
  const events = new SseReader(feeding)
  const reader = openaiChat.createStreamReader(OPTIONS)
  const forward = (piece: Buffer): void => events.push(piece, () => undefined)
  for (const piece of cut(Buffer.from(bytes), sizes)) reader.push(piece, forward)
  if (closed) {
    reader.end(forward)
    events.end(() => undefined)
  }
  return feeding.said
}

function* cut(bytes: Buffer, sizes: readonly number[]): Generator<Buffer> {
  let at = 0
  for (let index = 0; at < bytes.length; index++) {
    const size = sizes[Math.min(index, sizes.length - 1)] ?? bytes.length
    yield bytes.subarray(at, at + size)
    at += size
  }
}

export function answerOf(events: readonly AnswerEvent[]): Answer {
  const builder = new AnswerBuilder()
  for (const event of events) builder.add(event)
  return builder.answer
}

/** Chunks as a vendor sends them: each choice's delta, with what else stands in it or beside it. */
export const sse = (chunks: readonly object[], done = true): string =>
  chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('') + (done ? 'data: [DONE]\n\n' : '')

export const delta = (said: object, choice: object = {}, beside: object = {}): object => ({
  id: 'c1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta: said, finish_reason: null, ...choice }],
  ...beside
})

export const stopped = (reason: string | null = 'stop', beside: object = {}): object =>
  delta({}, { finish_reason: reason }, beside)

/** `tool_calls` of one entry. */
export const callDelta = (entry: object): object => delta({ tool_calls: [entry] })

/** Name and input of each call that an answer holds. */
export const inputsOf = (events: readonly AnswerEvent[]): readonly (readonly [string, string])[] =>
  answerOf(events).parts.flatMap((part) => (part.type === 'tool-call' ? [[part.name, part.input] as const] : []))

export const typesOf = (events: readonly AnswerEvent[]): readonly string[] => events.map(({ type }) => type)

export const isWhole = (events: readonly AnswerEvent[]): boolean => events.some(({ type }) => type === 'end')

export function finishOf(events: readonly AnswerEvent[]): Finish {
  const finish = events.find((event) => event.type === 'finish')?.finish
  if (finish === undefined) throw new Error('the stream did not finish')
  return finish
}

/** What a whole stream of these chunks says. */
export const decodeChunks = (...chunks: readonly object[]): readonly AnswerEvent[] => decodeStream(sse(chunks))

export const STREAMS = [
  'text.sse',
  'tools.sse',
  'parallel-tools.sse',
  'refusal.sse',
  'length.sse',
  'search.sse',
  'deepseek-reasoning.sse',
  'kimi-usage.sse',
  'openrouter-reasoning.sse',
  'gemini-tools.sse'
] as const
