import { named, pieces, toolsOf, type Content } from './content'

export const ANTHROPIC_MODEL = 'claude-sonnet-4-5'

const USAGE = {
  input_tokens: 11,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  output_tokens: 7,
  service_tier: 'standard'
}

export const ANTHROPIC_SIGNATURE = 'c2lnbmF0dXJlIG9mIHRoZSBmYWtlIHVwc3RyZWFt'

/** Of this text and no other, as the vendor binds them. */
export const anthropicSignature = (thinking: string): string =>
  ANTHROPIC_SIGNATURE + Buffer.from(thinking).toString('base64url')

function envelope(content: Content) {
  return {
    id: 'msg_01FakeUpstream',
    type: 'message',
    role: 'assistant',
    model: content.model ?? ANTHROPIC_MODEL,
    stop_sequence: null
  }
}

/** https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons */
function ending(content: Content) {
  const plain = toolsOf(content).length > 0 ? 'tool_use' : content.refusal === undefined ? 'end_turn' : 'refusal'
  return {
    stop_reason: content.stop ?? plain,
    stop_sequence: content.stopSequence ?? null,
    ...(content.refusal !== undefined && {
      stop_details: { type: 'refusal', category: null, explanation: content.refusal }
    })
  }
}

interface Block {
  readonly start: object
  readonly deltas: readonly object[]
  readonly whole: object
}

function blocksOf(content: Content): readonly Block[] {
  const { text, thinking } = content
  const blocks: Block[] = []
  if (thinking !== undefined) {
    blocks.push({
      start: { type: 'thinking', thinking: '', signature: '' },
      deltas: [
        ...pieces(thinking).map((piece) => ({ type: 'thinking_delta', thinking: piece })),
        { type: 'signature_delta', signature: anthropicSignature(thinking) }
      ],
      whole: { type: 'thinking', thinking, signature: anthropicSignature(thinking) }
    })
  }
  if (content.refusal === undefined || text !== '') {
    blocks.push({
      start: { type: 'text', text: '' },
      deltas: pieces(text).map((piece) => ({ type: 'text_delta', text: piece })),
      whole: { type: 'text', text }
    })
  }
  for (const [index, tool] of toolsOf(content).entries()) {
    const use = { type: 'tool_use', id: `toolu_0${index + 1}Fake`, name: tool.name }
    blocks.push({
      start: { ...use, input: {} },
      deltas: pieces(JSON.stringify(tool.arguments)).map((json) => ({ type: 'input_json_delta', partial_json: json })),
      whole: { ...use, input: tool.arguments }
    })
  }
  return blocks
}

/** A Message as `POST /v1/messages` answers it. */
export function anthropicMessage(content: Content) {
  return {
    ...envelope(content),
    content: blocksOf(content).map(({ whole }) => whole),
    ...ending(content),
    usage: content.usage === undefined ? USAGE : content.usage
  }
}

function block({ start, deltas }: Block, index: number): readonly string[] {
  return [
    named({ type: 'content_block_start', index, content_block: start } as { type: string }),
    ...deltas.map((delta) => named({ type: 'content_block_delta', index, delta } as { type: string })),
    named({ type: 'content_block_stop', index } as { type: string })
  ]
}

/** The same Message as a stream: one string an event, from `message_start` to `message_stop`. */
export function anthropicEvents(content: Content): readonly string[] {
  const usage = { ...USAGE, ...content.usage }
  const message = { ...envelope(content), content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } }
  const { output_tokens, output_tokens_details } = usage as typeof USAGE & { output_tokens_details?: object }
  return [
    named({ type: 'message_start', message } as { type: string }),
    named({ type: 'ping' }),
    ...blocksOf(content).flatMap(block),
    named({
      type: 'message_delta',
      delta: ending(content),
      usage: { output_tokens, ...(output_tokens_details && { output_tokens_details }) }
    } as { type: string }),
    named({ type: 'message_stop' })
  ]
}

/** An error body as Anthropic sends it. */
export function anthropicError(type: string, message: string, details?: object) {
  return { type: 'error', error: { type, message, ...(details && { details }) }, request_id: 'req_fake' }
}
