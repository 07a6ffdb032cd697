import { AnswerBuilder } from './answer-builder'
import type { AnswerEvent, Asked } from './canonical-answer'
import type { JsonObject } from './foreign-json'
import type { StreamEnding } from './protocol'
import type { StreamEncoder, Translator } from './translator'

/** Writes nothing on the way, but the whole answer at its end: for a client that asked for no stream and an upstream that streams. */
export class WholeAnswerEncoder implements StreamEncoder {
  readonly keeps = 'answer'
  readonly #client: Translator
  readonly #asked: Asked
  readonly #builder = new AnswerBuilder()
  #whole: JsonObject | null = null

  constructor(client: Translator, asked: Asked) {
    this.#client = client
    this.#asked = asked
  }

  /** The client's body; null before the stream's end. */
  get whole(): JsonObject | null {
    return this.#whole
  }

  push(event: AnswerEvent): string {
    this.#builder.add(event)
    if (event.type === 'end') this.#whole = this.#client.encodeAnswer(this.#builder.answer, this.#asked)
    return ''
  }

  keepAlive(): string {
    return ''
  }

  /** Nothing went out that would have to be ended. */
  broken(): StreamEnding {
    return { kind: 'cut' }
  }
}
