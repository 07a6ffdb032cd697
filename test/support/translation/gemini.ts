import { readFileSync } from 'node:fs'
import type { Conversation, MediaPart } from '../../../src/main/protocols/canonical'
import type { Answer, AnswerEvent, Asked } from '../../../src/main/protocols/canonical-answer'
import { AnswerBuilder } from '../../../src/main/protocols/answer-builder'
import { StreamInspector, type Disposition, type OversizedPlan } from '../../../src/main/protocols/event-reader'
import { JsonArrayReader, type ArrayInspector } from '../../../src/main/protocols/json-array'
import { SseReader } from '../../../src/main/protocols/sse'
import type { StreamEvent } from '../../../src/main/protocols/stream-event'
import { createStreamDecoder } from '../../../src/main/protocols/gemini/decode-stream'
import { EMPTY } from './conversations'

export const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/translation/gemini/${name}`, import.meta.url), 'utf8')

export const jsonFixture = (name: string): Record<string, unknown> =>
  JSON.parse(fixture(name)) as Record<string, unknown>

/** Shows each whole event to a decoder and keeps none. */
class Showing extends StreamInspector implements ArrayInspector {
  override readonly usage = null
  override readonly usageSoFar = null
  override readonly rawUsage = null
  readonly #show: (event: StreamEvent) => void

  constructor(show: (event: StreamEvent) => void) {
    super()
    this.#show = show
  }

  override inspect(event: StreamEvent): Disposition {
    this.#show(event)
    return 'drop'
  }

  override oversized(): OversizedPlan {
    return 'drop'
  }

  closeArray(): Disposition {
    return 'drop'
  }
}

/** What a decoder tells of an upstream's bytes, which come in these chunks. */
export function eventsOfBytes(chunks: readonly Buffer[], framing: 'sse' | 'json-array' = 'sse'): AnswerEvent[] {
  const events: AnswerEvent[] = []
  const emit = (event: AnswerEvent): void => void events.push(event)
  const decoder = createStreamDecoder()
  const inspector = new Showing((event) => {
    decoder.push(event, emit)
  })
  const reader = framing === 'sse' ? new SseReader(inspector) : new JsonArrayReader(inspector)
  const forward = (): void => undefined
  for (const chunk of chunks) reader.push(chunk, forward)
  reader.end(forward)
  decoder.close(emit)
  return events
}

export const eventsOfText = (text: string, framing: 'sse' | 'json-array' = 'sse'): AnswerEvent[] =>
  eventsOfBytes([Buffer.from(text)], framing)

export function builtOf(events: readonly AnswerEvent[]): Answer {
  const builder = new AnswerBuilder()
  for (const event of events) builder.add(event)
  return builder.answer
}

/** New ids are made for calls that have none: what stands in their place in expectations. */
export function withoutNewIds(answer: Answer): Answer {
  const isNew = (id: string): boolean => /^call_[0-9a-f]{24}$/.test(id)
  return {
    ...answer,
    parts: answer.parts.map((part) =>
      (part.type === 'tool-call' || part.type === 'hosted-call') && isNew(part.id) ? { ...part, id: 'new' } : part
    )
  }
}

/** A client's question to a model it calls `gemini-client`. */
export const asked = (body: Asked['body'] = {}): Asked => ({ model: 'gemini-client', tools: [], body, now: 1_700_000 })

export const THOUGHTS = { generationConfig: { thinkingConfig: { includeThoughts: true } } }

/** One in which nothing is said but this. */
export const conversation = (said: Partial<Conversation>): Conversation => ({ ...EMPTY, ...said })

/** An image, unless it is said to be something else. */
export const media = (more: Partial<MediaPart> = {}): MediaPart => ({
  type: 'media',
  media: 'image',
  mimeType: 'image/png',
  source: { kind: 'base64', data: 'iVBORw0KGgo=' },
  name: null,
  detail: null,
  cache: null,
  ...more
})
