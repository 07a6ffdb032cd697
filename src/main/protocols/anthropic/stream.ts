import type { TokenUsage } from '../../../shared/usage'
import { StreamInspector, type Disposition, type OversizedPlan } from '../event-reader'
import { countIn, memberOf, objectIn, textIn, type JsonObject } from '../foreign-json'
import type { StreamEnding, StreamFacts, StreamReader } from '../protocol'
import { SseReader } from '../sse'
import type { StreamEvent } from '../stream-event'
import { errorOfEvent } from './error'
import { mergeUsage, tokenUsage } from './usage'

/**
 * Messages' stream: message_start, then blocks (start, deltas, stop), message_delta with the stop reason, message_stop.
 * Almost all events are deltas, known by their `event:` line alone.
 */
class MessagesInspector extends StreamInspector {
  #usage: JsonObject | null = null
  /** `message_start` tells an output of 1 before there is any; only `message_delta` counts it. */
  #outputCounted = false

  /** Known with the count and the stop reason: before it a count still grows. */
  override get usage(): TokenUsage | null {
    return this.#outputCounted && (this.stopped || this.finished) ? this.usageSoFar : null
  }

  /** The prompt is told at the very start. */
  override get usageSoFar(): TokenUsage | null {
    return tokenUsage(this.#usage)
  }

  override get rawUsage(): string | null {
    return this.#usage === null ? null : JSON.stringify(this.#usage)
  }

  override inspect(event: StreamEvent): Disposition {
    // The SDK skips events without a name, but whoever reads them goes by `type`.
    const name = event.name
    switch (name === '' ? nameInData(event) : name) {
      case 'content_block_delta':
        this.hasContent = true
        break
      case 'content_block_start':
        if (!this.hasContent) this.hasContent = beginsContent(objectIn(event.json, 'content_block'))
        break
      case 'message_start':
        this.#readStart(objectIn(event.json, 'message'))
        break
      case 'message_delta':
        this.#readDelta(event.json)
        break
      case 'message_stop':
        this.hasContent = true
        this.finished = true
        break
      case 'error':
        this.error = errorOfEvent(event.json, event.data)
        return 'drop'
      default:
        break
    }
    return 'pass'
  }

  override oversized(head: StreamEvent): OversizedPlan {
    switch (head.name) {
      case 'error':
        return 'drop'
      case '':
      case 'message_start':
      case 'message_delta':
        return 'keep'
      default:
        this.hasContent = true
        return 'pass'
    }
  }

  #readStart(message: JsonObject | null): void {
    this.#usage = objectIn(message, 'usage')
    this.stateId = textIn(memberOf(message, 'container'), 'id')
    this.messageId = textIn(message, 'id')
  }

  #readDelta(json: unknown): void {
    const usage = memberOf(json, 'usage')
    this.#usage = mergeUsage(this.#usage, usage)
    if (countIn(usage, 'output_tokens') !== null) this.#outputCounted = true
    const delta = memberOf(json, 'delta')
    this.stateId = textIn(memberOf(delta, 'container'), 'id') ?? this.stateId
    if (textIn(delta, 'stop_reason') !== null) {
      this.stopped = true
      this.hasContent = true
    }
  }
}

function nameInData(event: StreamEvent): string {
  const { json } = event
  if (objectIn(json, 'error') !== null) return 'error'
  return textIn(json, 'type') ?? ''
}

/** Text and thinking begin empty and say something with their first delta; every other block says what it is. */
function beginsContent(block: JsonObject | null): boolean {
  const type = textIn(block, 'type')
  if (type === 'text' || type === 'thinking') return textIn(block, type) !== null
  return type !== null
}

export const createInspector = (): StreamInspector => new MessagesInspector()

export const createStreamReader = (): StreamReader => new SseReader(createInspector())

/** B25. */
export const KEEP_ALIVE = Buffer.from('event: ping\ndata: {"type": "ping"}\n\n')

/** B02: a cut makes Claude Code ask again streamed; an error event would make it ask again unstreamed. */
export const brokenEnding = (): StreamEnding => ({ kind: 'cut' })

/** B27. */
export function mendedEnding(facts: StreamFacts): StreamEnding | null {
  if (!facts.stopped) return null
  return { kind: 'end', bytes: Buffer.from('event: message_stop\ndata: {"type":"message_stop"}\n\n') }
}
