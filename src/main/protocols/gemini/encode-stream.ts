import type { AnswerEvent, Asked, Finish } from '../canonical-answer'
import type { StreamEnding } from '../protocol'
import type { StreamEncoder } from '../translator'
import { lastResponse, PartWriter, responseIdOf } from './encode-answer'
import type { GenerateContentResponse, Part } from './wire'

/**
 * A stream of GenerateContentResponses, as SSE without `event:` lines and without a `[DONE]`, or as one JSON array in pieces
 * (https://ai.google.dev/api/generate-content#method:-models.streamgeneratecontent). The stop reason is its end, so it is
 * written at `end` only.
 */
class GeminiStreamEncoder implements StreamEncoder {
  readonly keeps = 'part'
  readonly #asked: Asked
  readonly #framing: 'sse' | 'json-array'
  readonly #writer: PartWriter
  #responseId = responseIdOf('')
  #finish: Finish = { reason: 'stop', stopSequence: null, usage: null }
  #isBegun = false

  constructor(asked: Asked, framing: 'sse' | 'json-array') {
    this.#asked = asked
    this.#framing = framing
    this.#writer = new PartWriter(asked)
  }

  push(event: AnswerEvent): string {
    if (event.type === 'start') this.#responseId = responseIdOf(event.id)
    if (event.type === 'finish') this.#finish = event.finish
    const parts = this.#writer.write(event)
    const written = parts.length === 0 ? '' : this.#framed(this.#response(parts))
    return event.type === 'end' ? written + this.#end() : written
  }

  /** B25: a bare blank line; in an array it is white space between two elements. */
  keepAlive(): string {
    return '\n'
  }

  /** B02: a clean end without `finishReason` is what Gemini CLI retries. */
  broken(): StreamEnding {
    return { kind: 'end', bytes: Buffer.from(this.#closing()) }
  }

  #end(): string {
    const last = lastResponse(this.#writer, this.#finish, this.#asked, this.#responseId)
    return this.#framed(last) + this.#closing()
  }

  #closing(): string {
    if (this.#framing === 'sse') return ''
    return this.#isBegun ? ']' : '[]'
  }

  #response(parts: readonly Part[]): GenerateContentResponse {
    return {
      candidates: [{ index: 0, content: { role: 'model', parts } }],
      modelVersion: this.#asked.model,
      responseId: this.#responseId
    }
  }

  #framed(response: GenerateContentResponse): string {
    const json = JSON.stringify(response)
    if (this.#framing === 'sse') return `data: ${json}\r\n\r\n`
    const before = this.#isBegun ? ',\r\n' : '['
    this.#isBegun = true
    return before + json
  }
}

export const createStreamEncoder = (asked: Asked, framing: 'sse' | 'json-array'): StreamEncoder =>
  new GeminiStreamEncoder(asked, framing)
