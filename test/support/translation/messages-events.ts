/** Events of a Messages stream as Anthropic writes them, and their bytes: https://platform.claude.com/docs/en/build-with-claude/streaming */

export const sse = (...events: readonly object[]): Buffer =>
  Buffer.from(events.map((event) => `event: ${nameOf(event)}\ndata: ${JSON.stringify(event)}\n\n`).join(''))
const nameOf = (event: object): string => ('type' in event ? String(event.type) : '')

export const start = { type: 'message_start', message: { id: 'msg_1', usage: { input_tokens: 5, output_tokens: 1 } } }
export const begin = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block })
export const delta = (index: number, value: object) => ({ type: 'content_block_delta', index, delta: value })
export const stop = (index: number) => ({ type: 'content_block_stop', index })
export const finish = (stop_reason: string | null = 'end_turn', usage: object = { output_tokens: 2 }) => ({
  type: 'message_delta',
  delta: { stop_reason },
  usage
})
export const end = { type: 'message_stop' }
export const tool = { type: 'tool_use', id: 'toolu_1', name: 'f', input: {} }
export const json = (partial_json: string) => ({ type: 'input_json_delta', partial_json })
export const text = (value: string) => ({ type: 'text_delta', text: value })
