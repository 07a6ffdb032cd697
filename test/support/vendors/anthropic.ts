import { named, pieces, type Content } from './content'

export const ANTHROPIC_MODEL = 'claude-sonnet-4-5'

const USAGE = {
  input_tokens: 11,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  output_tokens: 7,
  service_tier: 'standard'
}

const SIGNATURE = 'c2lnbmF0dXJlIG9mIHRoZSBmYWtlIHVwc3RyZWFt'

function envelope(content: Content) {
  return {
    id: 'msg_01FakeUpstream',
    type: 'message',
    role: 'assistant',
    model: content.model ?? ANTHROPIC_MODEL,
    stop_sequence: null
  }
}

/** A Message as `POST /v1/messages` answers it. */
export function anthropicMessage(content: Content) {
  return {
    ...envelope(content),
    content: [
      ...(content.thinking === undefined
        ? []
        : [{ type: 'thinking', thinking: content.thinking, signature: SIGNATURE }]),
      { type: 'text', text: content.text },
      ...(content.tool
        ? [{ type: 'tool_use', id: 'toolu_01Fake', name: content.tool.name, input: content.tool.arguments }]
        : [])
    ],
    stop_reason: content.tool ? 'tool_use' : 'end_turn',
    usage: content.usage === undefined ? USAGE : content.usage
  }
}

function block(index: number, start: object, deltas: readonly object[]): readonly string[] {
  return [
    named({ type: 'content_block_start', index, content_block: start } as { type: string }),
    ...deltas.map((delta) => named({ type: 'content_block_delta', index, delta } as { type: string })),
    named({ type: 'content_block_stop', index } as { type: string })
  ]
}

/** The same Message as a stream: one string an event, from `message_start` to `message_stop`. */
export function anthropicEvents(content: Content): readonly string[] {
  const usage = { ...USAGE, ...content.usage }
  const blocks: { readonly start: object; readonly deltas: readonly object[] }[] = []
  if (content.thinking !== undefined) {
    blocks.push({
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        { type: 'thinking_delta', thinking: content.thinking },
        { type: 'signature_delta', signature: SIGNATURE }
      ]
    })
  }
  blocks.push({
    start: { type: 'text', text: '' },
    deltas: pieces(content.text).map((text) => ({ type: 'text_delta', text }))
  })
  if (content.tool) {
    blocks.push({
      start: { type: 'tool_use', id: 'toolu_01Fake', name: content.tool.name, input: {} },
      deltas: pieces(JSON.stringify(content.tool.arguments)).map((json) => ({
        type: 'input_json_delta',
        partial_json: json
      }))
    })
  }
  const message = { ...envelope(content), content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } }
  return [
    named({ type: 'message_start', message } as { type: string }),
    named({ type: 'ping' }),
    ...blocks.flatMap(({ start, deltas }, index) => block(index, start, deltas)),
    named({
      type: 'message_delta',
      delta: { stop_reason: content.tool ? 'tool_use' : 'end_turn', stop_sequence: null },
      usage: { output_tokens: usage.output_tokens }
    } as { type: string }),
    named({ type: 'message_stop' })
  ]
}

/** An error body as Anthropic sends it. */
export function anthropicError(type: string, message: string, details?: object) {
  return { type: 'error', error: { type, message, ...(details && { details }) }, request_id: 'req_fake' }
}
