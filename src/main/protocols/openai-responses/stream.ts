import type { TokenUsage } from '../../../shared/usage'
import { rawAt, valueAt } from '../answer-bytes'
import { StreamInspector, type Disposition, type OversizedPlan } from '../event-reader'
import { isObject, memberOf, objectIn, parseJson, textIn, type JsonObject } from '../foreign-json'
import { errorOfEvent, ownWords } from '../openai-errors'
import { withServiceTier } from '../openai-service-tier'
import type { StreamEnding, StreamFacts, StreamReader } from '../protocol'
import { SseReader } from '../sse'
import type { StreamEvent } from '../stream-event'
import { tokenUsage } from './usage'
import type { ResponseOutputItem, ResponseStreamEvent } from './wire'

/**
 * Responses' stream: created, in_progress, items and their parts with deltas, then completed, incomplete or failed, which
 * is stop reason and end at once. Events are known by their `event:` line; `type` in the data says the same.
 */
class ResponsesInspector extends StreamInspector {
  #rawUsage: string | null = null
  #isStored = true

  override get usage(): TokenUsage | null {
    return this.#rawUsage === null ? null : tokenUsage(parseJson(this.#rawUsage))
  }

  /** Told with the end alone. */
  override get usageSoFar(): TokenUsage | null {
    return this.usage
  }

  override get rawUsage(): string | null {
    return this.#rawUsage
  }

  override inspect(event: StreamEvent): Disposition {
    const name = nameOf(event)
    if (name.endsWith('.delta')) {
      this.hasContent = true
      return 'pass'
    }
    switch (name) {
      case 'response.created':
        this.stateId = this.#idOf(event) ?? this.stateId
        this.#isStored = valueAt(event.dataBytes, 'response', 'store') !== false
        return 'pass'
      case 'response.output_item.added':
        this.#readItem(objectIn(event.json, 'item'))
        return 'pass'
      case 'response.completed':
      case 'response.incomplete':
      case 'response.cancelled':
        this.#readEnd(event)
        return 'pass'
      case 'response.failed':
        this.error = errorOfEvent(objectIn(memberOf(event.json, 'response'), 'error'))
        return 'drop'
      case 'error':
        this.error = errorOfEvent(errorIn(event))
        return 'drop'
      default:
        return 'pass'
    }
  }

  override oversized(head: StreamEvent): OversizedPlan {
    switch (nameOf(head)) {
      case 'error':
      case 'response.failed':
        return 'drop'
      case '':
      case 'response.created':
      case 'response.completed':
      case 'response.incomplete':
      case 'response.cancelled':
        return 'keep'
      default:
        this.hasContent = true
        return 'pass'
    }
  }

  #readItem(item: JsonObject | null): void {
    if (isCall(item)) this.hasContent = true
    const id = this.#isStored ? textIn(item, 'id') : null
    if (id !== null) this.itemIds = [...this.itemIds, id]
  }

  /** The event repeats the whole answer, so only what is wanted of it is parsed. */
  #readEnd(event: StreamEvent): void {
    const { dataBytes } = event
    this.#rawUsage = withServiceTier(
      rawAt(dataBytes, 'response', 'usage'),
      valueAt(dataBytes, 'response', 'service_tier')
    )
    this.stateId = this.#idOf(event) ?? this.stateId
    this.hasContent = true
    this.stopped = true
    this.finished = true
  }

  #idOf(event: StreamEvent): string | null {
    const id = valueAt(event.dataBytes, 'response', 'id')
    return typeof id === 'string' && id !== '' ? id : null
  }
}

/** Without an `event:` line the type is looked for in the data's head, where all vendors put it. */
function nameOf(event: StreamEvent): string {
  const { name } = event
  if (name !== '') return name
  const inHead = /"type"\s*:\s*"((?:response\.[\w.]+)|error)"/.exec(event.probe.slice(0, 400))?.[1]
  return inHead ?? (objectIn(event.json, 'error') === null ? '' : 'error')
}

/** `{"type":"error","code",…}`, or with the error inside as some vendors send it. */
function errorIn(event: StreamEvent): Parameters<typeof errorOfEvent>[0] {
  const { json } = event
  return objectIn(json, 'error') ?? (isObject(json) ? json : event.data)
}

/** A message and a reasoning item begin empty; every call is content at once. */
function isCall(item: unknown): boolean {
  const type = textIn(item, 'type')
  return type !== null && type !== 'message' && type !== 'reasoning'
}

export const createInspector = (): StreamInspector => new ResponsesInspector()

export const createStreamReader = (): StreamReader => new SseReader(createInspector())

/** B25: a comment would not reset Codex's idle timer. */
export const keepAlive = (sequence: number): Buffer => Buffer.from(written('keepalive', sequence, {}))

const written = (type: string, sequence: number, members: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence, ...members })}\n\n`

/** An event without its number, for each of the union's members. */
type Unnumbered<Event> = Event extends ResponseStreamEvent ? Omit<Event, 'sequence_number'> : never

type Told = Unnumbered<ResponseStreamEvent>

/** Writes events one after the other, and numbers them. */
export class EventWriter {
  #sequence = 0
  #written = ''

  tell({ type, ...members }: Told): void {
    this.#written += written(type, this.#sequence++, members)
  }

  /** An event about the response itself, which repeats what the client asked in the client's own words. */
  tellResponse(
    type: `response.${'created' | 'in_progress' | 'completed' | 'incomplete' | 'failed'}`,
    response: object
  ): void {
    this.#written += written(type, this.#sequence++, { response })
  }

  tellAlive(): void {
    this.#written += written('keepalive', this.#sequence++, {})
  }

  /** What was written since the last time. */
  flush(): string {
    const events = this.#written
    this.#written = ''
    return events
  }
}

/** Writes one item of the output: `response.output_item.added`, what comes of its parts, `response.output_item.done`. */
export abstract class ItemWriter {
  readonly #events: EventWriter
  protected readonly id: string
  protected readonly index: number

  protected constructor(events: EventWriter, index: number, begun: ResponseOutputItem & { readonly id?: string }) {
    this.#events = events
    this.id = begun.id ?? ''
    this.index = index
    this.tell({ type: 'response.output_item.added', output_index: index, item: begun })
  }

  /** `cut`: the answer broke off at its limit. Answers the item as it stands in the output then. */
  abstract end(cut: boolean): ResponseOutputItem

  protected tell(event: Told): void {
    this.#events.tell(event)
  }

  protected get at() {
    return { item_id: this.id, output_index: this.index }
  }

  protected done(item: ResponseOutputItem): ResponseOutputItem {
    this.tell({ type: 'response.output_item.done', output_index: this.index, item })
    return item
  }
}

/**
 * B02: `response.failed` is the only end that Codex takes for a broken one; it says the upstream's own code and type. A
 * Responses stream can't be mended (B27).
 */
export function brokenEnding(facts: StreamFacts, message: string): StreamEnding {
  const event: ResponseStreamEvent = {
    type: 'response.failed',
    sequence_number: facts.events,
    response: {
      id: facts.stateId ?? 'resp_unknown',
      object: 'response',
      created_at: 0,
      status: 'failed',
      error: { code: 'server_error', message },
      incomplete_details: null,
      instructions: null,
      metadata: {},
      model: '',
      output: [],
      output_text: '',
      parallel_tool_calls: true,
      temperature: null,
      tool_choice: 'auto',
      tools: [],
      top_p: null
    }
  }
  const { code, type } = ownWords(facts)
  const error = { code: code ?? 'server_error', message, ...(type === null ? {} : { type }) }
  const data = JSON.stringify({ ...event, response: { ...event.response, error } })
  return { kind: 'write_and_cut', bytes: Buffer.from(`event: ${event.type}\ndata: ${data}\n\n`) }
}
