import type { AnswerEvent, Asked, Finish } from '../canonical-answer'
import type { Signature } from '../canonical'
import { encodeHostedCall } from '../claude-hosted-calls'
import type { StreamEnding } from '../protocol'
import type { StreamEncoder } from '../translator'
import { encodeCitation } from './content'
import { emptyMessage, mediaText, toolUse } from './encode-answer'
import { encodeStopReason } from './finish'
import { encodeThinking } from './reasoning'
import { brokenEnding, KEEP_ALIVE } from './stream'
import { messageUsage } from './usage'
import type { ContentBlock, ContentBlockDelta, MessageStreamEvent } from './wire'

/** The SDK skips events without a name. */
export const renderEvent = (event: MessageStreamEvent): string =>
  `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

const errorEvent = (message: string): Buffer =>
  Buffer.from(`event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'api_error', message } })}\n\n`)

/**
 * Writes a Messages stream (https://platform.claude.com/docs/en/build-with-claude/streaming). A block ends when the next begins,
 * or with what ends it; a call that was never ended so stays open, and `message_stop` comes with `end` alone (B02).
 */
class MessagesEncoder implements StreamEncoder {
  readonly keeps = 'nothing'
  readonly #asked: Asked
  /** Of the last block. */
  #index = -1
  #open: 'text' | 'thinking' | 'tool' | null = null
  #hasStarted = false
  #holdsCalls = false
  #holdsRefusal = false

  constructor(asked: Asked) {
    this.#asked = asked
  }

  push(event: AnswerEvent): string {
    switch (event.type) {
      case 'start':
        return this.#start(event)
      case 'refusal':
        this.#holdsRefusal = true
        return this.#text(event.text)
      case 'text':
        return this.#text(event.text)
      case 'reasoning':
        return this.#reasoning(event.text)
      case 'signature':
        return this.#signature(event.signature)
      case 'citation':
      case 'tool-input':
        return this.#piece(event)
      case 'tool-start':
        this.#holdsCalls = true
        return this.#begin('tool', toolUse(event.id, event.name, ''))
      case 'end':
        return renderEvent({ type: 'message_stop' })
      default:
        return this.#close() + this.#afterBlock(event)
    }
  }

  keepAlive(): string {
    return KEEP_ALIVE.toString()
  }

  /** An answer that never began is not worth a cut: the client would know no more than that the connection closed. */
  broken({ message }: { readonly message: string }): StreamEnding {
    return this.#hasStarted ? brokenEnding() : { kind: 'write_and_cut', bytes: errorEvent(message) }
  }

  #start({ id, usage }: Extract<AnswerEvent, { type: 'start' }>): string {
    this.#hasStarted = true
    const message = { ...emptyMessage(id, this.#asked), usage: messageUsage(usage) }
    return renderEvent({ type: 'message_start', message })
  }

  /** Of the block that is open. Sources that come when their text was ended have no place any more. */
  #piece(event: Extract<AnswerEvent, { type: 'citation' | 'tool-input' }>): string {
    if (event.type === 'tool-input') {
      return this.#open === 'tool' ? this.#delta({ type: 'input_json_delta', partial_json: event.json }) : ''
    }
    if (this.#open !== 'text') return ''
    return this.#delta({ type: 'citations_delta', citation: encodeCitation(event.citation) })
  }

  #afterBlock(
    event: Extract<
      AnswerEvent,
      { type: 'text-end' | 'reasoning-end' | 'tool-end' | 'media' | 'hosted-call' | 'finish' }
    >
  ): string {
    switch (event.type) {
      case 'media':
        return this.#text(mediaText(event.media)) + this.#close()
      case 'hosted-call':
        return encodeHostedCall(event.call)
          .map((block) => this.#whole(block))
          .join('')
      case 'finish':
        return this.#finish(event.finish)
      default:
        return ''
    }
  }

  #text(text: string): string {
    if (text === '') return ''
    const begin = this.#open === 'text' ? '' : this.#begin('text', { type: 'text', text: '', citations: null })
    return begin + this.#delta({ type: 'text_delta', text })
  }

  #reasoning(thinking: string): string {
    return thinking === '' ? '' : this.#thinking() + this.#delta({ type: 'thinking_delta', thinking })
  }

  #thinking(): string {
    return this.#open === 'thinking' ? '' : this.#begin('thinking', { type: 'thinking', thinking: '', signature: '' })
  }

  #signature(signature: Signature): string {
    const block = encodeThinking({ type: 'reasoning', text: '', signature })
    if (block.type === 'redacted_thinking') return this.#whole(block)
    const delta = this.#thinking() + this.#delta({ type: 'signature_delta', signature: block.signature })
    return delta + this.#close()
  }

  #begin(kind: 'text' | 'thinking' | 'tool', block: ContentBlock): string {
    const closed = this.#close()
    this.#open = kind
    return closed + renderEvent({ type: 'content_block_start', index: ++this.#index, content_block: block })
  }

  /** A block that is all there; the input of a vendor's own tool comes in a piece, as the vendor sends it. */
  #whole(block: ContentBlock): string {
    if (block.type !== 'server_tool_use') return this.#begin('text', block) + this.#close()
    const input = this.#begin('tool', { ...block, input: {} })
    return input + this.#delta({ type: 'input_json_delta', partial_json: JSON.stringify(block.input) }) + this.#close()
  }

  #delta(delta: ContentBlockDelta): string {
    return renderEvent({ type: 'content_block_delta', index: this.#index, delta })
  }

  #close(): string {
    if (this.#open === null) return ''
    this.#open = null
    return renderEvent({ type: 'content_block_stop', index: this.#index })
  }

  #finish(finish: Finish): string {
    const usage = messageUsage(finish.usage)
    const holds = { calls: this.#holdsCalls, refusal: this.#holdsRefusal }
    return renderEvent({
      type: 'message_delta',
      delta: { ...encodeStopReason(finish, holds), container: null },
      usage: {
        input_tokens: usage.input_tokens,
        output_tokens: usage.output_tokens,
        cache_read_input_tokens: usage.cache_read_input_tokens,
        cache_creation_input_tokens: usage.cache_creation_input_tokens,
        output_tokens_details: usage.output_tokens_details,
        server_tool_use: null
      }
    })
  }
}

export const createStreamEncoder = (asked: Asked): StreamEncoder => new MessagesEncoder(asked)
