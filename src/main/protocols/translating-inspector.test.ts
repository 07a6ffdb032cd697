import { describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../shared/protocol'
import { ClientCalls } from './client-calls'
import { protocols } from './registry'
import { SseReader } from './sse'
import { TranslatingInspector } from './translating-inspector'
import { translators } from './translators'

const MEBIBYTE = 1_048_576
const asked = { model: 'm', tools: [], body: {}, now: 0 }

/** A Chat stream that so many chunks of these deltas go through to a client of this protocol. */
function translated(client: ProtocolId, deltas: Iterable<object>) {
  const inspector = new TranslatingInspector(
    protocols['openai-chat'].createInspector(),
    translators['openai-chat'].createStreamDecoder(),
    translators[client].createStreamEncoder(asked, 'sse'),
    new ClientCalls()
  )
  const reader = new SseReader(inspector)
  let bytes = 0
  const forward = (piece: Buffer): void => void (bytes += piece.length)
  for (const delta of deltas) {
    const chunk = { id: 'chatcmpl-1', choices: [{ index: 0, delta, finish_reason: null }] }
    reader.push(Buffer.from(`data: ${JSON.stringify(chunk)}\n\n`), forward)
  }
  return { error: inspector.error?.body.toString() ?? null, bytes }
}

const PIECE = 'x'.repeat(MEBIBYTE)
function* times(count: number, delta: object): Generator<object> {
  for (let number = 0; number < count; number++) yield delta
}
const SIGNED = { reasoning_details: [{ type: 'reasoning.text', signature: 'S' }] }
const callStart = (index: number) => ({
  tool_calls: [{ index, id: `call_${index}`, type: 'function', function: { name: 'f', arguments: '' } }]
})
const callPiece = (index: number) => ({ tool_calls: [{ index, function: { arguments: PIECE } }] })

describe('what the client’s last event repeats', () => {
  test.each([{ content: PIECE }, { reasoning_content: PIECE }])('is kept up to 32 MiB for Responses', (delta) => {
    expect(translated('openai-responses', times(31, delta)).error).toBeNull()
    expect(translated('openai-responses', times(33, delta)).error).toContain('32 MiB')
  })

  test('has its pictures counted in', () => {
    const picture = { images: [{ type: 'image_url', image_url: { url: `data:image/png;base64,${PIECE}` } }] }
    expect(translated('openai-responses', times(31, picture)).error).toBeNull()
    expect(translated('openai-responses', times(33, picture)).error).toContain('32 MiB')
  })

  test('is a whole call for Gemini, and no two of them', () => {
    const call = [callStart(0), ...times(20, callPiece(0))]
    expect(translated('gemini', [...call, callStart(1), ...times(20, callPiece(1))]).error).toBeNull()
    expect(translated('gemini', [...call, ...times(13, callPiece(0))]).error).toContain('32 MiB')
  })

  test.each(['gemini', 'openai-chat'] as const)(
    'is reasoning for %s until it is signed, and no two of them',
    (client) => {
      const thought = [...times(20, { reasoning_content: PIECE }), SIGNED]
      expect(translated(client, [...thought, ...thought]).error).toBeNull()
      expect(translated(client, times(33, { reasoning_content: PIECE })).error).toContain('32 MiB')
      expect(translated('anthropic', times(33, { reasoning_content: PIECE })).error).toBeNull()
    }
  )

  test('is nothing of a text for Gemini, and nothing at all for Anthropic', () => {
    expect(translated('gemini', times(33, { content: PIECE })).error).toBeNull()
    const { error, bytes } = translated('anthropic', [callStart(0), ...times(33, callPiece(0))])
    expect(error).toBeNull()
    expect(bytes).toBeGreaterThan(33 * MEBIBYTE)
  })
}, 60_000)
