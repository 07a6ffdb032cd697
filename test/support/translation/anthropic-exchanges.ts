import { readFileSync } from 'node:fs'
import Anthropic from '@anthropic-ai/sdk'
import { AnswerBuilder } from '../../../src/main/protocols/answer-builder'
import { createStreamDecoder } from '../../../src/main/protocols/anthropic/decode-stream'
import { createStreamEncoder } from '../../../src/main/protocols/anthropic/encode-stream'
import type { Answer, AnswerEvent, Asked } from '../../../src/main/protocols/canonical-answer'
import { StreamInspector } from '../../../src/main/protocols/event-reader'
import type { JsonObject } from '../../../src/main/protocols/foreign-json'
import { SseReader } from '../../../src/main/protocols/sse'
import type { StreamEvent } from '../../../src/main/protocols/stream-event'

const fixture = (name: string): string =>
  readFileSync(new URL(`../../fixtures/translation/anthropic/${name}`, import.meta.url), 'utf8')

export const jsonFixture = (name: string): JsonObject => JSON.parse(fixture(name)) as JsonObject
export const sseFixture = (name: string): Buffer => Buffer.from(fixture(name))

export const asked: Asked = { model: 'asked-model', tools: [], body: {}, now: 0 }

/** Shows each whole event to the decoder, as the relay does. */
class Tap extends StreamInspector {
  override usage = null
  override readonly usageSoFar = null
  override rawUsage = null
  readonly #decoder = createStreamDecoder()
  readonly #emit: (event: AnswerEvent) => void

  constructor(emit: (event: AnswerEvent) => void) {
    super()
    this.#emit = emit
  }

  override inspect(event: StreamEvent) {
    this.#decoder.push(event, this.#emit)
    return 'pass' as const
  }

  override oversized() {
    return 'keep' as const
  }

  override closed(): null {
    this.#decoder.close(this.#emit)
    return null
  }
}

/** What the bytes say, cut at these positions on their way. `ended`: the upstream closed behind them. */
export function eventsOf(
  bytes: Buffer,
  { cuts = [] as readonly number[], ended = false } = {}
): readonly AnswerEvent[] {
  const events: AnswerEvent[] = []
  const tap = new Tap((event) => events.push(event))
  const reader = new SseReader(tap)
  const ignore = (): void => undefined
  let from = 0
  for (const cut of [...cuts, bytes.length]) {
    reader.push(bytes.subarray(from, cut), ignore)
    from = cut
  }
  if (ended) reader.end(ignore)
  return events
}

export function answerOf(events: readonly AnswerEvent[]): Answer {
  const builder = new AnswerBuilder()
  for (const event of events) builder.add(event)
  return builder.answer
}

export function bytesOf(events: readonly AnswerEvent[]): string {
  const encoder = createStreamEncoder(asked)
  return events.map((event) => encoder.push(event)).join('')
}

/** What the vendor's own client makes of a streamed answer. */
export function sdkStream(bytes: string) {
  const fetch = () => Promise.resolve(new Response(bytes, { headers: { 'content-type': 'text/event-stream' } }))
  return sdk(fetch).messages.stream(anyRequest)
}

/** And of a whole one. */
export function sdkMessage(body: JsonObject): Promise<Anthropic.Message> {
  const fetch = () => Promise.resolve(Response.json(body))
  return sdk(fetch).messages.create(anyRequest)
}

const sdk = (fetch: () => Promise<Response>): Anthropic => new Anthropic({ apiKey: 'k', fetch, maxRetries: 0 })

const anyRequest = { model: 'm', max_tokens: 1, messages: [{ role: 'user' as const, content: 'hi' }] }
