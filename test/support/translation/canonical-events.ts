import type { Finish } from '../../../src/main/protocols/canonical-answer'
import type { AnswerEvent } from '../../../src/main/protocols/canonical-answer'

export const finishOf = (reason: Finish['reason'], more: Partial<Finish> = {}): Finish => ({
  reason,
  stopSequence: null,
  usage: { input: 12, cacheRead: 2000, cacheWrite: 300, cacheWrite1h: 200, output: 80, reasoning: 30 },
  ...more
})

/** A stream of everything that every client can be told. */
export const everyEvent: readonly AnswerEvent[] = [
  { type: 'start', id: 'resp_1', usage: null },
  { type: 'reasoning', text: 'Let ' },
  { type: 'reasoning', text: 'me see.' },
  { type: 'signature', signature: { maker: 'openai-responses', value: 'ZW5j' } },
  { type: 'text', text: 'Hello, ' },
  { type: 'text', text: 'wörld 👋' },
  { type: 'citation', citation: { url: 'https://example.com', title: 'T', quote: 'Q' } },
  { type: 'text-end' },
  { type: 'tool-start', id: 'call_1', name: 'get_weather' },
  { type: 'tool-input', json: '{"city":' },
  { type: 'tool-input', json: '"Paris"}' },
  { type: 'tool-end' },
  { type: 'tool-start', id: 'call_2', name: 'get_time' },
  { type: 'tool-end' },
  { type: 'finish', finish: finishOf('tool_calls') },
  { type: 'end' }
]
