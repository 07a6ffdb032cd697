import type { Citation, MediaPart, ReasoningPart, Signature } from '../canonical'
import type { AnswerEvent, Asked, Finish } from '../canonical-answer'
import { memberOf } from '../foreign-json'
import type { StreamEnding } from '../protocol'
import type { StreamEncoder } from '../translator'
import { usesFunctions } from './decode-request'
import { annotationOf, completionId, imageOf, isCustom } from './encode-answer'
import { encodeFinish } from './finish'
import { detailsOf, SignatureTrail } from './reasoning'
import { KEEP_ALIVE } from './stream'
import { freeTextOf } from './tools'
import { encodeUsage } from './usage'
import type { Annotation, AnswerDelta, ChatCompletionChunk, FinishReasonName } from './wire'

/** A call that is being written. `pieces`: of a custom tool, whose text is known only when its JSON is whole. */
interface OpenCall {
  readonly index: number
  readonly id: string
  readonly name: string
  readonly pieces: string[] | null
  hasInput: boolean
}

/**
 * Chunks for a chat client; the first one names the role, the last holds the usage where the client asked for it, then comes
 * `[DONE]`: https://platform.openai.com/docs/api-reference/chat-streaming
 */
class ChatStreamEncoder implements StreamEncoder {
  /** A custom tool's call goes whole, and reasoning with its signature once more. */
  readonly keeps = 'part'
  readonly #asked: Asked
  readonly #isLegacy: boolean
  readonly #wantsUsage: boolean
  readonly #trail = new SignatureTrail()
  #id = ''
  #call: OpenCall | null = null
  #calls = 0
  #refused = false
  /** Characters of content so far, and where the text that is open, or was last, began. */
  #written = 0
  #textFrom = 0
  #isTextOpen = false
  readonly #annotations: Annotation[] = []
  #usage: Finish['usage'] = null

  constructor(asked: Asked) {
    this.#asked = asked
    this.#isLegacy = usesFunctions(asked.body)
    this.#wantsUsage = memberOf(asked.body['stream_options'], 'include_usage') === true
  }

  push(event: AnswerEvent): string {
    switch (event.type) {
      case 'start':
        this.#id = completionId(event.id)
        return this.#chunk({ role: 'assistant', content: '', refusal: null })
      case 'text':
      case 'refusal':
      case 'media':
        return this.#endCall() + this.#say(event)
      case 'reasoning':
      case 'signature':
        return this.#endCall() + this.#reason(event)
      case 'tool-start':
        return this.#endCall() + this.#startCall(event.id, event.name)
      case 'tool-input':
        return this.#addInput(event.json)
      case 'citation':
        this.#cite(event.citation)
        return ''
      default:
        return this.#endPart() + this.#end(event)
    }
  }

  keepAlive(): string {
    return KEEP_ALIVE.toString()
  }

  broken({ message, code, type }: Parameters<StreamEncoder['broken']>[0]): StreamEnding {
    const error = { message, type: type ?? 'server_error', param: null, code: code ?? 'upstream_error' }
    return { kind: 'write_and_cut', bytes: Buffer.from(`data: ${JSON.stringify({ error })}\n\n`) }
  }

  #say(event: Extract<AnswerEvent, { type: 'text' | 'refusal' | 'media' }>): string {
    this.#trail.close()
    if (event.type === 'media') return this.#show(event.media)
    if (event.text === '') return ''
    if (event.type === 'refusal') {
      this.#refused = true
      return this.#chunk({ refusal: event.text })
    }
    if (!this.#isTextOpen) this.#textFrom = this.#written
    this.#isTextOpen = true
    this.#written += event.text.length
    return this.#chunk({ content: event.text, ...this.#trail.forMessage() })
  }

  #show(media: MediaPart): string {
    return media.media === 'image' ? this.#chunk({ images: [imageOf(media)] }) : ''
  }

  #reason(event: Extract<AnswerEvent, { type: 'reasoning' | 'signature' }>): string {
    this.#isTextOpen = false
    if (event.type === 'signature') return this.#sign(event.signature)
    this.#trail.text(event.text)
    return event.text === '' ? '' : this.#chunk({ reasoning_content: event.text })
  }

  #sign(signature: Signature): string {
    const part: ReasoningPart = { type: 'reasoning', text: '', signature }
    const details = detailsOf(part)
    this.#trail.sign(signature)
    return details.length === 0 ? '' : this.#chunk({ reasoning_details: details })
  }

  /** All of them go out at once, before the finish: a client that puts deltas together keeps the last list. */
  #cite(citation: Citation): void {
    this.#annotations.push(annotationOf(citation, this.#textFrom, this.#written))
  }

  #startCall(id: string, name: string): string {
    this.#trail.close()
    this.#isTextOpen = false
    const index = this.#calls++
    const pieces = isCustom(name, this.#asked) ? [] : null
    this.#call = { index, id, name, pieces, hasInput: false }
    if (this.#isLegacy) return index === 0 ? this.#chunk({ function_call: { name, arguments: '' } }) : ''
    if (pieces !== null) return ''
    const extra = this.#trail.forCall()
    return this.#chunk({ tool_calls: [{ index, id, type: 'function', function: { name, arguments: '' }, ...extra }] })
  }

  #addInput(json: string): string {
    const call = this.#call
    if (call === null || json === '') return ''
    call.hasInput = true
    if (call.pieces === null) return this.#input(call.index, json)
    call.pieces.push(json)
    return ''
  }

  /** A legacy answer has room for one call. */
  #input(index: number, json: string): string {
    if (!this.#isLegacy) return this.#chunk({ tool_calls: [{ index, function: { arguments: json } }] })
    return index === 0 ? this.#chunk({ function_call: { arguments: json } }) : ''
  }

  /** Clients parse the arguments, so that none are `{}`. */
  #endCall(): string {
    const call = this.#call
    if (call === null) return ''
    this.#call = null
    const { index, id, name } = call
    if (call.pieces === null) return call.hasInput ? '' : this.#input(index, '{}')
    const custom = { name, input: freeTextOf(call.pieces.join('')) }
    return this.#chunk({ tool_calls: [{ index, id, type: 'custom', custom, ...this.#trail.forCall() }] })
  }

  #endPart(): string {
    this.#trail.close()
    this.#isTextOpen = false
    return this.#endCall()
  }

  #end(event: AnswerEvent): string {
    if (event.type === 'finish') return this.#finish(event.finish)
    return event.type === 'end' ? `${this.#usageChunk()}data: [DONE]\n\n` : ''
  }

  #finish({ reason, usage }: Finish): string {
    this.#usage = usage
    const last = {
      ...(this.#annotations.length > 0 && { annotations: this.#annotations }),
      ...this.#trail.forMessage()
    }
    const cited = Object.keys(last).length === 0 ? '' : this.#chunk(last)
    const isLegacy = this.#isLegacy && this.#calls > 0 && reason === 'tool_calls'
    const said = { calls: this.#calls > 0, refused: this.#refused }
    return cited + this.#chunk({}, isLegacy ? 'function_call' : encodeFinish(reason, said))
  }

  #usageChunk(): string {
    if (!this.#wantsUsage || this.#usage === null) return ''
    return line({ ...this.#base(), choices: [], usage: encodeUsage(this.#usage) })
  }

  #base(): Omit<ChatCompletionChunk, 'choices'> {
    return {
      id: this.#id,
      object: 'chat.completion.chunk',
      created: Math.floor(this.#asked.now / 1000),
      model: this.#asked.model
    }
  }

  #chunk(delta: AnswerDelta, finish_reason: FinishReasonName | null = null): string {
    const usage = this.#wantsUsage ? { usage: null } : {}
    return line({ ...this.#base(), choices: [{ index: 0, delta, logprobs: null, finish_reason }], ...usage })
  }
}

const line = (chunk: object): string => `data: ${JSON.stringify(chunk)}\n\n`

export const createStreamEncoder = (asked: Asked): StreamEncoder => new ChatStreamEncoder(asked)
