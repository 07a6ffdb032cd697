import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../../src/shared/protocol'
import { startMatrix, vendorOf, type MatrixGateway } from '../../support/matrix/gateway'
import { TOOLS } from '../../support/matrix/request-features'
import { ASKS, type Body } from '../../support/vendors/asks/ask'
import { says } from '../../support/vendors/vendors'

let matrix: MatrixGateway
beforeAll(async () => {
  matrix = await startMatrix(afterAll)
})

const tools = ASKS.gemini.write({ turns: [], tools: TOOLS })
const clock = { id: 'call_1', name: 'clock', args: { zone: 'UTC' } }
const response = { functionResponse: { id: 'call_1', name: 'clock', response: { output: 'Noon.' } } }
const asked = { role: 'user', parts: [{ text: 'Time?' }] }
const called = { role: 'model', parts: [{ functionCall: clock }] }

/** What a Gemini client may say of its own before a call's response. */
const BETWEEN: readonly (readonly [string, readonly object[]])[] = [
  ['a text in one content with the response', [{ role: 'user', parts: [{ text: 'By the way.' }, response] }]],
  [
    'a content of its own',
    [
      { role: 'user', parts: [{ text: 'By the way.' }] },
      { role: 'user', parts: [response] }
    ]
  ]
]

/** What the channel's vendor was asked, as it came; it refuses nothing of it. */
async function arrived(client: ProtocolId, channel: ProtocolId, body: Body): Promise<string> {
  const script = says(vendorOf(channel), { text: 'Noon, then.' })
  const { answer, complaints, arrived: asked } = await matrix.exchange({ client, channel, body, stream: false, script })
  expect(complaints).toEqual([])
  expect(answer.status, answer.text).toBe(200)
  return asked?.body.toString() ?? ''
}

describe.each(['anthropic', 'openai-chat', 'openai-responses'] as const)('on a channel of %s', (channel) => {
  test.each(BETWEEN)('a Gemini client’s response goes before %s', async (_name, contents) => {
    const body = await arrived('gemini', channel, { ...tools, contents: [asked, called, ...contents] })
    const [, , ...behind] = ASKS[channel].read(JSON.parse(body) as Body).turns.map(({ parts }) => parts)
    expect(behind.flat()).toMatchObject([{ result: { text: 'Noon.' } }, { text: 'By the way.' }])
  })
})

test.each(['anthropic', 'openai-responses', 'gemini'] as const)(
  'a system message between a chat client’s call and its result goes behind it, on a channel of %s',
  async (channel) => {
    const call = { id: 'call_1', type: 'function', function: { name: 'clock', arguments: '{"zone":"UTC"}' } }
    const messages = [
      { role: 'user', content: 'Time?' },
      { role: 'assistant', content: null, tool_calls: [call] },
      { role: 'system', content: 'Be brief.' },
      { role: 'tool', tool_call_id: 'call_1', content: 'Noon.' }
    ]
    const body = await arrived('openai-chat', channel, {
      ...ASKS['openai-chat'].write({ turns: [], tools: TOOLS }),
      messages
    })
    expect(body.indexOf('Noon.')).toBeGreaterThan(0)
    expect(body.indexOf('Be brief.')).toBeGreaterThan(body.indexOf('Noon.'))
  }
)
