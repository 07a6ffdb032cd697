import { describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../shared/protocol'
import type { Quirks } from '../../shared/quirks'
import { listIn, type JsonObject } from './foreign-json'
import { Losses } from './losses'
import { translators } from './translators'

const TAKES: Quirks = { takesCacheControl: true }
const CLAUDE = 'anthropic/claude-sonnet-4.5'

/** What a channel is sent for a client's request. */
function sent(client: ProtocolId, request: JsonObject, channel: ProtocolId, model: string, quirks: Quirks = {}) {
  const conversation = translators[client].decodeRequest({ max_tokens: 99, ...request }, new Losses())
  return translators[channel].encodeRequest(conversation, { model, stream: true, quirks }, new Losses())
}

const cache_control = { type: 'ephemeral' }
const text = (words: string): JsonObject => ({ type: 'text', text: words })
const asks = (...content: readonly JsonObject[]): JsonObject => ({ role: 'user', content })

describe('Where a mark stands changes no byte of the messages', () => {
  /** The channel's messages without their marks, for a client whose mark moves on with the conversation. */
  const messages = (marked: number, quirks: Quirks, model = CLAUDE): string => {
    const mark = (at: number): JsonObject => (at === marked ? { cache_control } : {})
    const image = { type: 'image', source: { type: 'url', url: 'https://a.example/b.png' } }
    const turns = [
      asks(text('a'), { ...text('b'), ...mark(0) }),
      { role: 'assistant', content: [text('c'), { type: 'tool_use', id: 't1', name: 'f', input: {} }] },
      asks({ type: 'tool_result', tool_use_id: 't1', content: 'one', ...mark(1) }),
      { role: 'assistant', content: [{ type: 'tool_use', id: 't2', name: 'f', input: {} }] },
      asks({ type: 'tool_result', tool_use_id: 't2', content: [image], ...mark(2) }),
      { role: 'assistant', content: 'd' },
      { role: 'user', content: [{ ...text('e'), ...mark(3) }] }
    ]
    const body = sent('anthropic', { system: 's', messages: turns }, 'openai-chat', model, quirks)
    return JSON.stringify(listIn(body, 'messages'), (key, value: unknown) =>
      key === 'cache_control' ? undefined : value
    )
  }

  test.each<Quirks>([TAKES, { ...TAKES, systemOnlyFirst: true }])('%j', (quirks) => {
    const [first, ...others] = [0, 1, 2, 3, 4].map((marked) => messages(marked, quirks))
    for (const other of others) expect(other).toBe(first)
  })
})
