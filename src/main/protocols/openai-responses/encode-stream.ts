import type { Citation, FunctionTool, ToolCallPart, ToolOrigin } from '../canonical'
import { CUT, type AnswerEvent, type Asked, type Finish } from '../canonical-answer'
import { JsonStringMember } from '../json-string-member'
import type { StreamEnding } from '../protocol'
import type { StreamEncoder } from '../translator'
import { encodeCitation, MessageWriter } from './content'
import { AnswerIds, begunResponse, endedResponse, endOf, hostedItem, imageItem, toolsByName } from './encode-answer'
import { callItem, callPrefix, freeText, isFree, isWholeInput, PLAIN } from '../responses-calls'
import { ReasoningWriter } from './reasoning'
import { EventWriter, ItemWriter } from './stream'
import type { ResponseOutputItem } from './wire'

export const createStreamEncoder = (asked: Asked): StreamEncoder => new ResponsesStreamEncoder(asked)

type EventOf<Type extends AnswerEvent['type']> = Extract<AnswerEvent, { type: Type }>

/**
 * https://platform.openai.com/docs/api-reference/responses-streaming. Nothing of an item looks done before the next one, or
 * the finish, has come, and the answer is done with `end` alone (B02).
 */
class ResponsesStreamEncoder implements StreamEncoder {
  readonly keeps = 'answer'
  readonly #asked: Asked
  readonly #tools: ReadonlyMap<string, FunctionTool>
  readonly #events = new EventWriter()
  readonly #output: ResponseOutputItem[] = []
  #ids = new AnswerIds('')
  #open: MessageWriter | ReasoningWriter | CallWriter | null = null
  #finish: Finish = { reason: 'stop', stopSequence: null, usage: null }
  #state: 'new' | 'begun' | 'ended' = 'new'

  constructor(asked: Asked) {
    this.#asked = asked
    this.#tools = toolsByName(asked.tools)
  }

  push(event: AnswerEvent): string {
    if (this.#state === 'ended') return ''
    if (this.#state === 'new') this.#begin(event.type === 'start' ? event.id : '')
    if (!saysNothing(event)) this.#take(event)
    return this.#events.flush()
  }

  keepAlive(): string {
    this.#events.tellAlive()
    return this.#events.flush()
  }

  broken({ message, code, type }: Parameters<StreamEncoder['broken']>[0]): StreamEnding {
    if (this.#state === 'new') this.#begin('')
    this.#state = 'ended'
    const error = { code: code ?? 'server_error', message, ...(type === null ? {} : { type }) }
    const response = endedResponse(this.#asked, this.#ids.response, { status: 'failed' }, this.#output)
    this.#events.tellResponse('response.failed', { ...response, error })
    return { kind: 'write_and_cut', bytes: Buffer.from(this.#events.flush()) }
  }

  #begin(id: string): void {
    this.#state = 'begun'
    this.#ids = new AnswerIds(id)
    const response = begunResponse(this.#asked, this.#ids.response)
    this.#events.tellResponse('response.created', response)
    this.#events.tellResponse('response.in_progress', response)
  }

  #take(event: AnswerEvent): void {
    switch (event.type) {
      case 'text':
      case 'refusal':
      case 'citation':
      case 'text-end':
        this.#say(event)
        return
      case 'reasoning':
      case 'signature':
      case 'reasoning-end':
        this.#reason(event)
        return
      case 'tool-start':
      case 'tool-input':
        this.#call(event)
        return
      case 'media':
      case 'hosted-call':
        this.#addWhole(event)
        return
      default:
        this.#conclude(event)
    }
  }

  #call(event: EventOf<'tool-start' | 'tool-input'>): void {
    if (event.type === 'tool-input') {
      if (this.#open instanceof CallWriter) this.#open.add(event.json)
      return
    }
    this.#close()
    const origin = this.#tools.get(event.name)?.origin ?? PLAIN
    this.#open = new CallWriter(this.#events, this.#output.length, event, origin, this.#ids)
  }

  #say(event: EventOf<'text' | 'refusal' | 'citation' | 'text-end'>): void {
    if (event.type === 'text-end') {
      if (this.#open instanceof MessageWriter) this.#open.leavePart()
      return
    }
    if (!(this.#open instanceof MessageWriter)) {
      if (event.type === 'citation' && citeLast(this.#output, event.citation)) return
      this.#close()
      const index = this.#output.length
      this.#open = new MessageWriter(this.#events, index, this.#ids.item('msg', index))
    }
    this.#open.say(event)
  }

  #reason(event: EventOf<'reasoning' | 'signature' | 'reasoning-end'>): void {
    if (!(this.#open instanceof ReasoningWriter)) {
      if (event.type === 'reasoning-end') return
      this.#close()
      const index = this.#output.length
      this.#open = new ReasoningWriter(this.#events, index, this.#ids.item('rs', index))
    }
    if (event.type === 'reasoning') {
      this.#open.add(event.text)
      return
    }
    this.#output.push(this.#open.end(false, event.type === 'signature' ? event.signature : null))
    this.#open = null
  }

  #addWhole(event: EventOf<'media' | 'hosted-call'>): void {
    this.#close()
    const output_index = this.#output.length
    const item =
      event.type === 'media'
        ? imageItem(event.media, this.#ids.item('ig', output_index))
        : hostedItem(event.call, this.#ids.item(event.call.tool === 'code_execution' ? 'ci' : 'ws', output_index))
    if (item !== null) this.#output.push(new WholeWriter(this.#events, output_index, item).end())
  }

  /** A `tool-end` is written with what follows it: whether the call was cut is told by the finish alone. */
  #conclude(event: EventOf<'start' | 'tool-end' | 'finish' | 'end'>): void {
    if (event.type === 'finish') {
      this.#finish = event.finish
      this.#close()
    } else if (event.type === 'end') this.#end()
  }

  #close(): void {
    if (this.#open !== null) this.#output.push(this.#open.end(CUT.has(this.#finish.reason)))
    this.#open = null
  }

  #end(): void {
    this.#close()
    this.#state = 'ended'
    const end = endOf(this.#finish, this.#output)
    const response = endedResponse(this.#asked, this.#ids.response, end, this.#output)
    this.#events.tellResponse(end.status === 'incomplete' ? 'response.incomplete' : 'response.completed', response)
  }
}

/** An empty delta, which would begin an item for nothing. */
const saysNothing = (event: AnswerEvent): boolean =>
  (event.type === 'text' || event.type === 'refusal' || event.type === 'reasoning') && event.text === ''

/** A citation of a text whose item is done already stands in the response that ends the stream. False: there is no text. */
function citeLast(output: readonly ResponseOutputItem[], citation: Citation): boolean {
  const message = output.findLast((item) => item.type === 'message')
  const said = message?.content.findLast((part) => part.type === 'output_text')
  said?.annotations.push(encodeCitation(citation, said.text.length))
  return said !== undefined
}

/** Writes a call, as its client declared the tool: the input of functions and of free text as it comes, else whole. */
class CallWriter extends ItemWriter {
  readonly #call: EventOf<'tool-start'>
  readonly #origin: ToolOrigin
  readonly #pieces: string[] = []
  /** Of free text: finds it in the JSON, for as far as it has come. */
  readonly #free: JsonStringMember | null
  /** What was told of it. */
  readonly #spoken: string[] = []

  constructor(events: EventWriter, index: number, call: EventOf<'tool-start'>, origin: ToolOrigin, ids: AnswerIds) {
    super(events, index, callItem({ ...call, input: '' }, origin, ids.item(callPrefix(origin), index), 'in_progress'))
    this.#call = call
    this.#origin = origin
    this.#free = isFree(origin) ? new JsonStringMember('input') : null
  }

  add(json: string): void {
    this.#pieces.push(json)
    if (this.#free !== null) this.#speak(this.#free.push(json))
    else if (this.#isFunction) {
      this.tell({ type: 'response.function_call_arguments.delta', ...this.at, delta: json })
    }
  }

  /** One whose input breaks off is never said to be done (B02). */
  override end(cut: boolean): ResponseOutputItem {
    const input = this.#pieces.length === 0 ? '{}' : this.#pieces.join('')
    const call = { ...this.#call, input }
    if (!isWholeInput(input, cut)) return callItem(call, this.#origin, this.id, 'incomplete')
    if (this.#free !== null) return this.#endFree(call)
    if (this.#isFunction) {
      const name = this.#origin.kind === 'namespaced' ? this.#origin.name : call.name
      this.tell({ type: 'response.function_call_arguments.done', ...this.at, name, arguments: input })
    }
    return this.done(callItem(call, this.#origin, this.id, 'completed'))
  }

  get #isFunction(): boolean {
    return this.#origin.kind === 'function' || this.#origin.kind === 'namespaced'
  }

  #speak(delta: string): void {
    if (delta === '') return
    this.#spoken.push(delta)
    this.tell({ type: 'response.custom_tool_call_input.delta', ...this.at, delta })
  }

  /** The whole is what its pieces were, also of a model that named its input twice. */
  #endFree(call: Pick<ToolCallPart, 'id' | 'name' | 'input'>): ResponseOutputItem {
    if (this.#spoken.length === 0) this.#speak(freeText(call.input))
    const input = this.#spoken.join('')
    this.tell({ type: 'response.custom_tool_call_input.done', ...this.at, input })
    return this.done(callItem({ ...call, input: JSON.stringify({ input }) }, this.#origin, this.id, 'completed'))
  }
}

type WholeItem = NonNullable<ReturnType<typeof imageItem> | ReturnType<typeof hostedItem>>

/** Writes an item that comes in one piece. */
class WholeWriter extends ItemWriter {
  readonly #item: WholeItem

  constructor(events: EventWriter, index: number, item: WholeItem) {
    super(events, index, begun(item))
    this.#item = item
  }

  override end(): ResponseOutputItem {
    if (this.#item.status !== 'failed') this.tell({ type: COMPLETED[this.#item.type], ...this.at })
    return this.done(this.#item)
  }
}

const COMPLETED = {
  image_generation_call: 'response.image_generation_call.completed',
  web_search_call: 'response.web_search_call.completed',
  code_interpreter_call: 'response.code_interpreter_call.completed'
} as const

const begun = (item: WholeItem): WholeItem =>
  item.type === 'image_generation_call'
    ? { ...item, status: 'in_progress', result: null }
    : { ...item, status: 'in_progress' }
