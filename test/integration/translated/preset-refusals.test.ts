import { expect, test } from 'vitest'
import type { ProtocolId } from '../../../src/shared/protocol'
import { presets } from '../../../src/shared/presets'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream, type Script } from '../../support/fake-upstream'
import { json } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { anthropic, openaiChat, openaiResponses, says, type Vendor } from '../../support/vendors/vendors'

/** Vendors that refuse what they were heard to refuse, behind channels with the quirks of their presets. */

interface Body {
  readonly [name: string]: unknown
  readonly messages?: readonly Readonly<Record<string, unknown>>[]
}

/** Why a vendor answers 400 to a body; null: it takes it. */
type Complaint = (body: Body) => string | null

/** https://github.com/ding113/claude-code-hub/issues/1023 */
const ark: Complaint = (body) => ('prompt_cache_key' in body ? 'json: unknown field "prompt_cache_key"' : null)

/** https://github.com/vercel/ai/issues/18306, https://github.com/nullclaw/nullclaw/pull/231 */
const fireworks: Complaint = (body) => {
  if ('verbosity' in body) return "Extra inputs are not permitted, field: 'verbosity'"
  const isLong = Number(body['max_tokens'] ?? 0) > 4096
  return isLong && body['stream'] !== true ? 'Requests with max_tokens > 4096 must have stream=true' : null
}

/** https://github.com/gptme/gptme/issues/467 */
const deepseek: Complaint = ({ messages }) => {
  const last = messages?.at(-1)
  return last?.['role'] === 'assistant' && last['prefix'] !== true
    ? 'The last message of deepseek-reasoner must be a user message, or an assistant message with prefix mode on'
    : null
}

/** https://github.com/mnfst/modelparams.dev/pull/115, https://github.com/egoist/chatwise-releases/issues/1325 */
const cerebras: Complaint = (body) =>
  body['reasoning_effort'] === 'none' && !String(body['model']).startsWith('zai-glm-')
    ? "reasoning_effort Input should be 'low', 'medium' or 'high'"
    : null

function refusing(vendor: Vendor, complaintAbout: Complaint): Script {
  return (exchange) => {
    const complaint = complaintAbout(JSON.parse(exchange.request.body.toString()) as Body)
    const script = complaint === null ? says(vendor, { text: 'fine' }) : json(400, vendor.error(400, complaint))
    return script(exchange)
  }
}

async function start(id: string, protocol: ProtocolId, complaintAbout: Complaint, model?: string) {
  const vendor = protocol === 'openai-chat' ? openaiChat : openaiResponses
  const endpoint = presets.find((one) => one.id === id)?.endpoints.find((one) => one.protocol === protocol)
  if (!endpoint) throw new Error(`the preset ${id} does not speak ${protocol}`)
  const upstream = await startFakeUpstream()
  upstream.always(refusing(vendor, complaintAbout))
  const { quirks } = endpoint
  const channel = channelOf(vendor, upstream.url, { quirks, ...(model !== undefined && { modelMap: { '*': model } }) })
  const gateway = await startGateway({ config: withChannels([channel]) })
  const asked = (client: Vendor, body: object) =>
    gateway.send({
      target: client.target({ stream: false }),
      headers: client.headers(gateway.key),
      body: { ...client.request({ stream: false, model: vendor.model }), ...body }
    }).done
  const sent = (): Body => JSON.parse(upstream.requests.at(-1)?.body.toString() ?? '{}') as Body
  return { asked, sent }
}

test('Doubao’s Responses gets no cache key, of its own protocol’s clients nor of Chat’s', async () => {
  const { asked } = await start('volcengine', 'openai-responses', ark)
  for (const client of [openaiResponses, openaiChat]) {
    const answer = await asked(client, { prompt_cache_key: 'session' })
    expect([answer.status, answer.header('x-routex-warnings')]).toEqual([200, undefined])
  }
})

test('Fireworks gets no verbosity, which is told where it said something', async () => {
  const { asked } = await start('fireworks', 'openai-chat', fireworks)
  const answer = await asked(openaiResponses, { text: { verbosity: 'low' } })
  expect([answer.status, answer.header('x-routex-warnings')]).toEqual([200, 'verbosity (low)'])
})

test('Fireworks gets no limit above 4,096 for an answer that is not streamed, which is told; streamed it keeps it', async () => {
  const { asked, sent } = await start('fireworks', 'openai-chat', fireworks)
  const whole = await asked(anthropic, { max_tokens: 8192 })
  expect([whole.status, whole.header('x-routex-warnings')]).toEqual([200, 'max_tokens (8192 -> 4096)'])
  const streamed = await asked(anthropic, { max_tokens: 8192, stream: true })
  expect([streamed.status, streamed.header('x-routex-warnings')]).toEqual([200, undefined])
  expect(sent()).toMatchObject({ max_tokens: 8192 })
})

const HI = { role: 'user', content: 'Say it as JSON.' }
const begun = { messages: [HI, { role: 'assistant', content: '{' }] }

test('DeepSeek, which refuses a begun answer last, is asked to go on with it', async () => {
  const { asked, sent } = await start('deepseek', 'openai-chat', deepseek)
  const answer = await asked(anthropic, begun)
  const told = 'history (a begun answer: asked in words to go on with it)'
  expect([answer.status, answer.header('x-routex-warnings')]).toEqual([200, told])
  expect(sent().messages).toMatchObject(['user', 'assistant', 'user'].map((role) => ({ role })))
})

test('a history that ends with reasoning alone has no begun answer to go on with', async () => {
  const { asked, sent } = await start('deepseek', 'openai-chat', deepseek)
  const thought = { type: 'thinking', thinking: 'Hm.', signature: 's' }
  const answer = await asked(anthropic, { messages: [HI, { role: 'assistant', content: [thought] }] })
  expect([answer.status, answer.header('x-routex-warnings')]).toEqual([200, undefined])
  expect(sent().messages).toEqual([HI])
})

test.each(['openai-chat', 'openai-responses'] as const)(
  'OpenAI answers a begun answer anew in %s, and its client is told',
  async (protocol) => {
    const { asked } = await start('openai', protocol, () => null, 'gpt-4.1')
    const told = 'history (a begun answer: a new one follows it)'
    expect((await asked(anthropic, begun)).header('x-routex-warnings')).toBe(told)
    expect((await asked(anthropic, { messages: [HI] })).header('x-routex-warnings')).toBeUndefined()
  }
)

test('a Chat client, which may mean a new answer, is told nothing of one behind its last', async () => {
  const { asked } = await start('openai', 'openai-responses', () => null, 'gpt-4.1')
  expect((await asked(openaiChat, begun)).header('x-routex-warnings')).toBeUndefined()
})

test('Cerebras’ GLM is told not to reason; its other models, which refuse that, are not, and it is told', async () => {
  const wish = { thinking: { type: 'disabled' } }
  const glm = await start('cerebras', 'openai-chat', cerebras, 'zai-glm-4.7')
  const switched = await glm.asked(anthropic, wish)
  expect([switched.status, switched.header('x-routex-warnings')]).toEqual([200, undefined])
  expect(glm.sent()).toMatchObject({ reasoning_effort: 'none' })
  const other = await start('cerebras', 'openai-chat', cerebras, 'gpt-oss-120b')
  const lost = await other.asked(anthropic, wish)
  expect([lost.status, lost.header('x-routex-warnings')]).toEqual([200, 'reasoning (off)'])
})
