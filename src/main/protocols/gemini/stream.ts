import type { TokenUsage } from '../../../shared/usage'
import { rawAt } from '../answer-bytes'
import { StreamInspector, type Disposition, type OversizedPlan } from '../event-reader'
import { isObject, listIn, memberOf, objectIn, parseJson, textIn } from '../foreign-json'
import { JsonArrayReader, type ArrayInspector } from '../json-array'
import type { StreamEnding, StreamFacts, StreamFraming, StreamOptions, StreamReader } from '../protocol'
import { SseReader } from '../sse'
import { KeptData, type StreamEvent } from '../stream-event'
import { errorOfEvent } from './error'
import { tokenUsage } from './usage'

/** What a chunk must hold to be worth parsing once content was seen: a stop reason, a block, an error. */
const DECIDING = /"finishReason"\s*:\s*"|"blockReason"\s*:|"error"\s*:/
const ERROR_FIRST = /^\{\s*"error"\s*:/

/**
 * Gemini's stream: whole GenerateContentResponses, the last of them with a `finishReason`, then the end; no last event.
 * Every chunk carries a running `usageMetadata`, so only the last one's is read, and only when somebody asks; before the
 * stop reason it is less than what will be charged, so no usage.
 */
class GeminiInspector extends StreamInspector implements ArrayInspector {
  /** Its CLI breaks on comments and on lines beside `data:`. */
  override readonly asides = 'drop'
  /** The last chunk, and the last one of those that were read that had usage: parsed for it only when somebody asks. */
  readonly #lastChunk = new KeptData()
  readonly #lastWithUsage = new KeptData()

  override get usage(): TokenUsage | null {
    return this.stopped ? this.usageSoFar : null
  }

  override get usageSoFar(): TokenUsage | null {
    const raw = this.rawUsage
    return raw === null ? null : tokenUsage(parseJson(raw))
  }

  override get rawUsage(): string | null {
    return usageIn(this.#lastChunk) ?? usageIn(this.#lastWithUsage)
  }

  override inspect(event: StreamEvent): Disposition {
    // An upstream that copies OpenAI's end: the SDK would try to parse it.
    if (event.isDone) {
      this.finished = this.stopped
      return 'drop'
    }
    const isPlain = this.hasContent && !this.stopped && !DECIDING.test(event.probe)
    if (!isPlain && !this.#read(event)) return 'drop'
    event.rememberIn(this.#lastChunk)
    return event.hasOtherLines ? onlyData(event) : 'pass'
  }

  override oversized(head: StreamEvent): OversizedPlan {
    if (ERROR_FIRST.test(head.probe)) return 'drop'
    this.hasContent = true
    return 'keep'
  }

  /** The array's end without a stop reason is no end: it is held back, and `brokenEnding` writes it. */
  closeArray(): Disposition {
    if (!this.stopped) return 'drop'
    this.finished = true
    return 'pass'
  }

  /** Nothing comes after the stop reason but the close. */
  override closed(): null {
    this.finished = this.stopped
    return null
  }

  /** Answers false for an error. */
  #read(event: StreamEvent): boolean {
    const { json } = event
    const error = objectIn(json, 'error') ?? textIn(json, 'error')
    if (error !== null) {
      this.error = errorOfEvent(error)
      return false
    }
    if (objectIn(json, 'usageMetadata') !== null) event.rememberIn(this.#lastWithUsage)
    if (textIn(memberOf(json, 'promptFeedback'), 'blockReason') !== null) this.stopped = true
    for (const candidate of listIn(json, 'candidates')) {
      if (textIn(candidate, 'finishReason') !== null) this.stopped = true
      if (listIn(memberOf(candidate, 'content'), 'parts').some(saysSomething)) this.hasContent = true
    }
    if (this.stopped) this.hasContent = true
    return true
  }
}

function usageIn(chunk: KeptData): string | null {
  const { view } = chunk
  return view === null ? null : rawAt(view, 'usageMetadata')
}

/** Any part but an empty text counts: thoughts, calls, data, code. */
const saysSomething = (part: unknown): boolean =>
  isObject(part) && Object.entries(part).some(([name, value]) => (name === 'text' ? value !== '' : name !== 'thought'))

/** JSON has line ends between its tokens alone, where a space says the same. */
const onOneLine = (event: StreamEvent): string => event.data.replace(/[\r\n]+/g, ' ')

const onlyData = (event: StreamEvent): Buffer => Buffer.from(`data: ${onOneLine(event)}\n\n`)

/**
 * The same for an upstream that framed its stream in the other way than was asked for: each chunk is held until it is whole,
 * and written anew.
 */
class ReframingInspector extends GeminiInspector {
  readonly #framing: StreamFraming
  #hasWritten = false

  /** `framing`: what the client asked for. */
  constructor(framing: StreamFraming) {
    super()
    this.#framing = framing
  }

  override inspect(event: StreamEvent): Disposition {
    const disposition = super.inspect(event)
    // What closes an array is still to be written: `mendedEnding` does so.
    if (this.#framing === 'json-array') this.finished = false
    if (disposition === 'drop') return 'drop'
    if (this.#framing === 'sse') return onlyData(event)
    const before = this.#hasWritten ? ',' : '['
    this.#hasWritten = true
    return Buffer.from(before + event.data)
  }

  override oversized(): OversizedPlan {
    return 'drop'
  }

  override outgrown(): void {
    this.error = errorOfEvent('A chunk of the upstream’s stream is over 32 MiB')
  }

  override closeArray(): Disposition {
    super.closeArray()
    return 'drop'
  }

  override closed(): null {
    if (this.#framing === 'sse') super.closed()
    return null
  }
}

export const createInspector = (): StreamInspector => new GeminiInspector()

export function createStreamReader({ framing, sent = framing }: StreamOptions): StreamReader {
  const inspector = framing === sent ? new GeminiInspector() : new ReframingInspector(framing)
  return sent === 'json-array' ? new JsonArrayReader(inspector) : new SseReader(inspector)
}

/** B25: a bare blank line; in an array it is white space between two elements. */
export const KEEP_ALIVE = Buffer.from('\n')

/** What closes an array that was begun, or never was. */
const closing = (framing: StreamFraming, facts: StreamFacts): Buffer =>
  Buffer.from(framing === 'sse' ? '' : facts.events > 0 ? ']' : '[]')

/** B02: a clean end without `finishReason` is what Gemini CLI retries. */
export const brokenEnding = (framing: StreamFraming, facts: StreamFacts): StreamEnding => ({
  kind: 'end',
  bytes: closing(framing, facts)
})

/** B27: the stop reason is all there is to wait for. */
export const mendedEnding = (framing: StreamFraming, facts: StreamFacts): StreamEnding | null =>
  facts.stopped ? { kind: 'end', bytes: closing(framing, facts) } : null
