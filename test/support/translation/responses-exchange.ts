import { readFileSync } from 'node:fs'
import OpenAI from 'openai'
import { AnswerBuilder } from '../../../src/main/protocols/answer-builder'
import type { FunctionTool, ToolOrigin } from '../../../src/main/protocols/canonical'
import type { Answer, AnswerEvent, Asked } from '../../../src/main/protocols/canonical-answer'
import { StreamInspector } from '../../../src/main/protocols/event-reader'
import { isObject, parseJson, type JsonObject } from '../../../src/main/protocols/foreign-json'
import { Losses } from '../../../src/main/protocols/losses'
import { openaiResponsesTranslator as translator } from '../../../src/main/protocols/openai-responses/translator'
import type { Conversation } from '../../../src/main/protocols/canonical'
import type { StreamDecoder } from '../../../src/main/protocols/translator'
import { SseReader } from '../../../src/main/protocols/sse'
import type { StreamEvent } from '../../../src/main/protocols/stream-event'

/** Reads and writes exchanges of the Responses API as a gateway does, and as the vendor's SDK does. */

export const fixtureText = (name: string): string =>
  readFileSync(new URL(`../../fixtures/translation/openai-responses/${name}`, import.meta.url), 'utf8')

export function fixture(name: string): JsonObject {
  const json = parseJson(fixtureText(name))
  if (!isObject(json)) throw new Error(`${name} is no object`)
  return json
}

export function decoded(body: JsonObject): { readonly conversation: Conversation; readonly losses: string } {
  const losses = new Losses()
  return { conversation: translator.decodeRequest(body, losses), losses: losses.toString() }
}

/** Shows each whole event to a decoder. */
class Tap extends StreamInspector {
  override readonly usage = null
  override readonly usageSoFar = null
  override readonly rawUsage = null
  readonly #decoder: StreamDecoder
  readonly #emit: (event: AnswerEvent) => void

  constructor(decoder: StreamDecoder, emit: (event: AnswerEvent) => void) {
    super()
    this.#decoder = decoder
    this.#emit = emit
  }

  override inspect(event: StreamEvent): 'pass' {
    this.#decoder.push(event, this.#emit)
    return 'pass'
  }

  override oversized(): 'keep' {
    return 'keep'
  }

  override closed(): null {
    this.#decoder.close(this.#emit)
    return null
  }
}

/** What a stream says whose bytes are cut there. */
export function decodedStream(bytes: Buffer | string, cuts: readonly number[] = []): readonly AnswerEvent[] {
  const events: AnswerEvent[] = []
  const reader = new SseReader(new Tap(translator.createStreamDecoder(), (event) => events.push(event)))
  const whole = Buffer.from(bytes)
  const places = [...new Set(cuts.map((cut) => cut % Math.max(1, whole.length)))].sort((a, b) => a - b)
  for (const [index, from] of [0, ...places].entries()) {
    reader.push(whole.subarray(from, places[index] ?? whole.length), () => undefined)
  }
  reader.end(() => undefined)
  return events
}

export function built(events: readonly AnswerEvent[]): Answer {
  const builder = new AnswerBuilder()
  for (const event of events) builder.add(event)
  return builder.answer
}

export function encodedStream(events: readonly AnswerEvent[], asked: Asked): string {
  const encoder = translator.createStreamEncoder(asked)
  return events.map((event) => encoder.push(event)).join('')
}

export const functionTool = (name: string, origin: ToolOrigin = { kind: 'function' }): FunctionTool => ({
  kind: 'function',
  name,
  description: '',
  parameters: { type: 'object', properties: {} },
  strict: null,
  cache: null,
  origin
})

export const asked = (body: JsonObject = {}, tools: readonly FunctionTool[] = []): Asked => ({
  model: 'claude-as-asked',
  tools,
  body,
  now: 1_770_000_000_500
})

/** A client of the vendor's whose server answers so. */
export const sdkReading = (body: string): OpenAI =>
  new OpenAI({
    apiKey: 'key',
    baseURL: 'http://127.0.0.1:9/v1',
    maxRetries: 0,
    fetch: () => {
      const type = body.startsWith('{') ? 'application/json' : 'text/event-stream'
      return Promise.resolve(new Response(body, { headers: { 'content-type': type } }))
    }
  })
