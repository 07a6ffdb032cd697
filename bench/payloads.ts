/**
 * What goes over the wire, byte for byte the same in every run: requests as a coding assistant sends them to
 * Anthropic's Messages API, and the fake upstream's answers. https://docs.anthropic.com/en/api/messages
 */

/** Answered at once: as JSON, or as a stream where the request asks for one. */
export const MODEL = 'claude-sonnet-4-5'
/** Answered by a stream that takes its time. */
export const SLOW_MODEL = 'claude-haiku-4-5'

export const ANSWER_BYTES = 1024
export const STREAM_DELTAS = 200
/** A slow stream: one delta every `SLOW_PERIOD_MS`, so many of them. */
export const SLOW_DELTAS = 10
export const SLOW_PERIOD_MS = 1000

/** The event that carries content: what "time to the first content event" waits for. */
export const CONTENT_MARK = Buffer.from('content_block_delta')

const WORDS =
  'The gateway reads each request once, picks a channel, and hands the answer on as it comes; nothing is held. '

function filler(bytes: number): string {
  return WORDS.repeat(Math.ceil(bytes / WORDS.length)).slice(0, bytes)
}

interface RequestShape {
  readonly model: string
  readonly stream: boolean
  /** Exact size of the body. */
  readonly bytes: number
}

interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: readonly [{ readonly type: 'text'; readonly text: string }]
}

const turn = (role: Turn['role'], text: string): Turn => ({ role, content: [{ type: 'text', text }] })

/** A conversation of turns of about 1 KB, its last filled up so that the body has exactly `bytes`. */
export function messagesRequest({ model, stream, bytes }: RequestShape): Buffer {
  const system = [{ type: 'text', text: filler(400) }]
  const withTurns = (messages: readonly Turn[]): Buffer =>
    Buffer.from(JSON.stringify({ model, stream, max_tokens: 1024, system, messages }))

  const pair = [turn('user', filler(1000)), turn('assistant', filler(1000))]
  const pairBytes = JSON.stringify(pair).length - 1
  const pairs = Math.floor((bytes - withTurns([turn('user', '')]).length) / pairBytes)
  const earlier = Array.from({ length: Math.max(0, pairs) }, () => pair).flat()
  const left = bytes - withTurns([...earlier, turn('user', '')]).length
  if (left < 0) throw new Error(`A request of ${bytes} bytes has no room for its shape`)
  return withTurns([...earlier, turn('user', filler(left))])
}

const USAGE = { input_tokens: 512, cache_creation_input_tokens: 0, cache_read_input_tokens: 256, output_tokens: 200 }

/** An unstreamed answer of exactly `ANSWER_BYTES`. */
export function jsonAnswer(): Buffer {
  const answer = {
    id: 'msg_bench_0000000000000001',
    type: 'message',
    role: 'assistant',
    model: MODEL,
    content: [{ type: 'text', text: '' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage: USAGE
  }
  const text = filler(ANSWER_BYTES - Buffer.byteLength(JSON.stringify(answer)))
  return Buffer.from(JSON.stringify({ ...answer, content: [{ type: 'text', text }] }))
}

function event(data: { readonly type: string; readonly [field: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}

/** The events of a stream, each as it is written: the head in one, then each delta, then the end in one. */
export function streamEvents(model: string, deltas: number): readonly Buffer[] {
  const usage = { ...USAGE, output_tokens: 1 }
  const message = { id: 'msg_bench_0000000000000002', type: 'message', role: 'assistant', model, content: [] }
  const head =
    event({ type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null, usage } }) +
    event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
    event({ type: 'ping' })
  const delta = event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: filler(24) } })
  const end =
    event({ type: 'content_block_stop', index: 0 }) +
    event({
      type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null },
      usage: { output_tokens: deltas }
    }) +
    event({ type: 'message_stop' })
  return [head, ...Array.from({ length: deltas }, () => delta), end].map((text) => Buffer.from(text))
}

/** Bytes of a stream's body, which every relay must hand on as they are. */
export function streamBytes(model: string, deltas: number): number {
  return streamEvents(model, deltas).reduce((sum, bytes) => sum + bytes.length, 0)
}
