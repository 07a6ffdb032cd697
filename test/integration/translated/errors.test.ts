import { describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../../src/shared/protocol'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream, type Script } from '../../support/fake-upstream'
import { cut, json, stream } from '../../support/scripts'
import { readEvents } from '../../support/sse'
import { startGateway } from '../../support/start-gateway'
import { named, unnamed } from '../../support/vendors/content'
import { fails, says, VENDORS, type Vendor } from '../../support/vendors/vendors'

const PAIRS = VENDORS.flatMap((client) =>
  VENDORS.filter((channel) => channel !== client).map((channel) => ({
    client,
    channel,
    from: client.protocol,
    to: channel.protocol
  }))
)

async function start(channel: Vendor, ...scripts: readonly Script[]) {
  const upstream = await startFakeUpstream()
  upstream.next(...scripts)
  upstream.always(says(channel, { text: 'later' }))
  const gateway = await startGateway({ config: withChannels([channelOf(channel, upstream)]) })
  return { upstream, gateway }
}

/** The client's vendor's body for such an error, with what only it can know left open. */
function errorShape({ protocol }: Vendor, status: number, message: string): object {
  const words = expect.stringContaining(message) as string
  const aText = expect.any(String) as string
  if (protocol === 'anthropic') return { type: 'error', error: { type: aText, message: words } }
  if (protocol === 'gemini') return { error: { code: status, message: words, status: aText } }
  return { error: { message: words, type: aText } }
}

describe.each(PAIRS)('a $from client on a channel of $to', ({ client, channel }) => {
  test('gets what is refused before the answer with its status, in its own shape', async () => {
    const { upstream, gateway } = await start(channel)
    const { id } = await gateway.health('main')
    for (const status of [400, 401, 404, 429, 500, 503]) {
      upstream.next(fails(channel, status, 'the words of the upstream'))
      const answer = await gateway.ask(client).done
      expect(answer.status).toBe(status)
      expect(answer.header('content-type')).toMatch(/^application\/json/)
      expect(answer.json()).toMatchObject(errorShape(client, status, 'the words of the upstream'))
      await gateway.call('channels.clearHealth', { id })
    }
    expect((await gateway.rows()).map(({ status }) => status)).toEqual([503, 500, 429, 404, 401, 400])
  })

  test('gets an error that is the stream’s first event as a plain one', async () => {
    const error = errorEvents[channel.protocol]
    const { gateway } = await start(channel, stream([error]))
    const answer = await gateway.ask(client, { stream: true }).done
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.json()).toMatchObject(errorShape(client, answer.status, 'overloaded at last'))
  })

  test('B02 sees an error in mid-stream as its own vendor tells one', async () => {
    const events = channel.events({ text: 'one two three' }).slice(0, channel.firstContent + 1)
    const { gateway } = await start(channel, stream([...events, errorEvents[channel.protocol]]))
    const answer = await gateway.ask(client, { stream: true }).done
    expect(answer.status).toBe(200)
    expectBroken(client, answer, 'overloaded at last')
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated', channelName: 'main' })
  })

  test('B02 sees a stream whose connection was cut as broken', async () => {
    const events = channel.events({ text: 'one two three' }).slice(0, channel.firstContent + 1)
    const { gateway } = await start(channel, stream([...events, cut]))
    const answer = await gateway.ask(client, { stream: true }).done
    expectBroken(client, answer, '')
  })

  test('may compact what is too long, told in the words that its program looks for', async () => {
    const words = 'This model’s maximum context length is 200000 tokens; prompt is too long'
    const { gateway } = await start(channel, fails(channel, 400, words))
    const answer = await gateway.ask(client).done
    expect(answer.status).toBe(400)
    expect(answer.json()).toMatchObject(errorShape(client, 400, TOO_LONG[client.protocol]))
    if (client.protocol.startsWith('openai')) expect(answer.text).toContain('"context_length_exceeded"')
  })
})

/** How vendors of Chat channels say it, with the public report of the words where there is one. */
const TOO_LONG_WORDS: readonly (readonly [from: string, words: string])[] = [
  ['MoonshotAI/kimi-cli#2011', 'Your request exceeded model token limit: 262144 (requested: 269030)'],
  ['GLM, farion1231/cc-switch#6982', 'Prompt exceeds max length'],
  [
    'Qwen, QwenLM/qwen-code#98',
    '<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 98304]'
  ],
  ['xAI, cline/cline#3120', 'This model maximum prompt length is 131072 but the request contains 136973 tokens.'],
  ['ggml-org/llama.cpp#15780', 'the request exceeds the available context size, try increasing it'],
  ['langchain-ai/openwiki#648', 'request (131168 tokens) exceeds the available context size (131072 tokens)'],
  ['SiliconFlow', 'length of prompt_tokens (140000) must be less than max_seq_len (131072).'],
  ['Groq', 'Please reduce the length of the messages or completion.'],
  ['DeepSeek', 'This model maximum context length is 131072 tokens. However, you requested 140000 tokens'],
  ['Mistral', 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length']
]

describe('what clients branch on', () => {
  const vendorOf = (protocol: ProtocolId): Vendor => {
    const found = VENDORS.find((one) => one.protocol === protocol)
    if (found === undefined) throw new Error(`no vendor of ${protocol}`)
    return found
  }
  const others = VENDORS.filter(({ protocol }) => protocol !== 'gemini')

  test.each(TOO_LONG_WORDS)(
    'tells Claude Code to compact, and Gemini CLI, where %s says it so',
    async (_from, words) => {
      const channel = vendorOf('openai-chat')
      const { gateway } = await start(channel, fails(channel, 400, words), fails(channel, 400, words))
      const claude = await gateway.ask(vendorOf('anthropic')).done
      expect(claude.json()).toMatchObject({ error: { message: `prompt is too long: ${words}` } })
      const gemini = await gateway.ask(vendorOf('gemini')).done
      expect(gemini.text).toContain(TOO_LONG.gemini)
    }
  )

  test.each(others.filter(({ protocol }) => protocol !== 'anthropic'))(
    'B04 does not tell a client of $protocol that its prompt is too long where Bedrock is asked too often',
    async (client) => {
      // anthropics/claude-code#1466
      const words = 'Too many tokens, please wait before trying again.'
      const { gateway } = await start(vendorOf('anthropic'), json(429, { message: words }))
      const answer = await gateway.ask(client).done
      expect(answer.status).toBe(429)
      expect(answer.json()).toMatchObject(errorShape(client, 429, words))
      expect(answer.text).not.toContain(TOO_LONG[client.protocol])
    }
  )

  test.each(['openai-responses', 'openai-chat'] as const)('says of an empty account to a client of %s', async (to) => {
    const channel = vendorOf(to === 'openai-chat' ? 'openai-responses' : 'openai-chat')
    const error = { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' }
    const { gateway } = await start(channel, json(429, { error }))
    const answer = await gateway.ask(vendorOf(to)).done
    expect(answer.status).toBe(429)
    expect(answer.json()).toMatchObject({ error })
  })

  test.each(others)('B04 tells a client of $protocol the wait that Gemini told in its body', async (client) => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' }]
    const error = { code: 429, message: 'Resource exhausted', status: 'RESOURCE_EXHAUSTED', details }
    const { gateway } = await start(vendorOf('gemini'), json(429, { error }))
    const answer = await gateway.ask(client).done
    expect([answer.status, answer.header('retry-after')]).toEqual([429, '7'])
  })

  test.each(others)(
    'B04 tells a client of Gemini in the body the wait of $protocol, for its CLI reads no header',
    async (channel) => {
      const { gateway } = await start(channel, fails(channel, 429, 'slow down', { 'retry-after': '17' }))
      const answer = await gateway.ask(vendorOf('gemini')).done
      expect([answer.status, answer.header('retry-after')]).toEqual([429, '17'])
      const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '17s' }]
      expect(answer.json()).toMatchObject({ error: { code: 429, details } })
    }
  )

  test.each(others)('tells a client of $protocol of a wrong Gemini key as its own vendor would', async (client) => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }]
    const error = { code: 400, message: 'API key not valid.', status: 'INVALID_ARGUMENT', details }
    const { gateway } = await start(vendorOf('gemini'), json(400, { error }))
    const answer = await gateway.ask(client).done
    expect(answer.status).toBe(401)
    expect(answer.text).toContain(client.protocol === 'anthropic' ? '"authentication_error"' : '"invalid_api_key"')
    expect(answer.json()).not.toHaveProperty('request_id')
  })
})

const TOO_LONG: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'prompt is too long',
  'openai-chat': 'maximum context length',
  'openai-responses': 'context window',
  gemini: 'exceeds the maximum number of tokens'
}

/** An error event of each vendor, as it comes in a stream. */
const errorEvents: Readonly<Record<ProtocolId, string>> = {
  anthropic: named({ type: 'error', error: { type: 'overloaded_error', message: 'overloaded at last' } } as {
    type: string
  }),
  'openai-chat': unnamed({ error: { message: 'overloaded at last', type: 'server_error', code: null } }),
  'openai-responses': named({
    type: 'response.failed',
    sequence_number: 9,
    response: {
      id: 'resp_fake',
      status: 'failed',
      error: { code: 'server_error', message: 'overloaded at last' },
      output: []
    }
  } as { type: string }),
  gemini: unnamed({ error: { code: 503, message: 'overloaded at last', status: 'UNAVAILABLE' } })
}

/** How a stream of each protocol looks when it broke (protocols.md, How a stream ends). */
function expectBroken(client: Vendor, answer: { readonly text: string; readonly complete: boolean }, words: string) {
  const events = readEvents(answer.text)
  const last = events.at(-1)?.data ?? ''
  expect(answer.text).not.toMatch(/message_stop|\[DONE\]|"finishReason"|response\.completed|"finish_reason":"/)
  expect(answer.text).toContain('one t')
  switch (client.protocol) {
    case 'anthropic':
      expect(answer.complete).toBe(false)
      return
    case 'openai-chat':
      expect(JSON.parse(last)).toMatchObject({ error: { message: expect.stringContaining(words) as string } })
      expect(answer.complete).toBe(false)
      return
    case 'openai-responses':
      expect(JSON.parse(last)).toMatchObject({
        type: 'response.failed',
        response: { status: 'failed', error: { message: expect.stringContaining(words) as string } }
      })
      expect(answer.complete).toBe(false)
      return
    case 'gemini':
      // Gemini CLI asks again where no finishReason came, and not after a cut.
      expect(answer.complete).toBe(true)
  }
}
