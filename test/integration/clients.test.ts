import { expect, test } from 'vitest'
import type { FakeUpstream } from '../support/fake-upstream'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, gemini, openaiChat, openaiResponses } from '../support/vendors/vendors'

/** Requests in the shape that the real programs were seen to send (clients.md). */
const SESSION = '01998a2e-5d1c-7c40-9d6e-1f1a5b7c9e21'

function tools(count: number): readonly object[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `tool_${index}`,
    description: 'What it does, at length. '.repeat(120),
    input_schema: {
      type: 'object',
      properties: { path: { type: 'string' } },
      required: ['path'],
      additionalProperties: false
    }
  }))
}

function bodyOf(upstream: FakeUpstream): string {
  return upstream.requests.at(-1)?.body.toString() ?? ''
}

test('Claude Code: both credentials at once, 100 KB with 24 tools, a dozen betas', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const body = JSON.stringify({
    model: anthropic.model,
    max_tokens: 32_000,
    stream: true,
    system: [
      { type: 'text', text: 'x-anthropic-billing-header: cc_version=2.1.330.4f2; cc_entrypoint=cli;' },
      { type: 'text', text: 'You are Claude Code.', cache_control: { type: 'ephemeral' } },
      { type: 'text', text: 'Rules. '.repeat(2000), cache_control: { type: 'ephemeral', ttl: '1h' } }
    ],
    messages: [
      { role: 'user', content: [{ type: 'text', text: 'Fix the test', cache_control: { type: 'ephemeral' } }] },
      { role: 'system', content: 'A reminder after a user message.' }
    ],
    tools: tools(24),
    thinking: { type: 'adaptive', display: 'omitted' },
    output_config: { effort: 'high' },
    context_management: { edits: [{ type: 'clear_thinking_20251015', keep: 'all' }] },
    metadata: { user_id: JSON.stringify({ device_id: 'd', account_uuid: '', session_id: SESSION }) }
  })
  const betas = Array.from({ length: 12 }, (_, index) => `feature-${index}-2026-01-01`).join(',')
  const answer = await gateway.send({
    target: '/v1/messages?beta=true',
    headers: {
      'user-agent': 'claude-cli/2.1.330 (external, cli)',
      'x-api-key': 'sk-ant-api03-only-in-the-shell',
      authorization: `Bearer ${gateway.key}`,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': betas,
      'x-app': 'cli',
      'x-claude-code-session-id': SESSION,
      'x-stainless-retry-count': '0',
      'accept-encoding': 'gzip, deflate, br, zstd'
    },
    body
  }).done
  expect(answer.text).toBe(anthropic.events({ text: 'from first' }).join(''))
  expect(bodyOf(first)).toBe(body)
  const [request] = first.requests
  expect(request?.target).toBe('/v1/messages?beta=true')
  expect(request?.headers).toMatchObject({
    'anthropic-beta': betas,
    'x-claude-code-session-id': SESSION,
    'x-api-key': 'sk-secret-of-first'
  })
  expect(request?.rawHeaders.join()).not.toContain('only-in-the-shell')
  expect(await gateway.onlyRow()).toMatchObject({ client: 'claude-cli/2.1.330', sessionId: SESSION, outcome: 'ok' })
})

test('Claude Code asks HEAD / and HEAD /api/hello before anything else', async () => {
  const { gateway } = await startTwoChannels(anthropic)
  for (const target of ['/', '/api/hello']) {
    const headers = { 'user-agent': 'claude-cli/2.1.330 (external, cli)' }
    expect((await gateway.send({ method: 'HEAD', target, headers }).done).status).toBe(200)
  }
})

test('Codex: a stream without accept-encoding, with items that carry ids and encrypted reasoning', async () => {
  const { first, gateway } = await startTwoChannels(openaiResponses)
  const body = JSON.stringify({
    model: openaiResponses.model,
    input: [
      {
        type: 'message',
        id: 'msg_1',
        role: 'developer',
        content: [{ type: 'input_text', text: 'Rules. '.repeat(2000) }]
      },
      { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Fix the test' }] },
      { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAABnZ' },
      { type: 'custom_tool_call', call_id: 'call_1', name: 'apply_patch', input: '*** Begin Patch' },
      { type: 'custom_tool_call_output', call_id: 'call_1', output: 'done' }
    ],
    tools: [{ type: 'namespace', name: 'shell', tools: [] }, { type: 'web_search' }],
    tool_choice: 'auto',
    parallel_tool_calls: true,
    reasoning: { effort: 'medium', summary: 'auto' },
    store: false,
    stream: true,
    include: ['reasoning.encrypted_content'],
    prompt_cache_key: SESSION,
    text: { verbosity: 'low' }
  })
  const answer = await gateway.send({
    target: '/v1/responses',
    headers: {
      'user-agent': 'codex_cli_rs/0.169.0 (Debian 12; x86_64) xterm',
      authorization: `Bearer ${gateway.key}`,
      accept: 'text/event-stream',
      originator: 'codex_cli_rs',
      'session-id': SESSION,
      'thread-id': SESSION,
      'x-codex-turn-metadata': '{"turn":1}'
    },
    body
  }).done
  expect(answer.text).toBe(openaiResponses.events({ text: 'from first' }).join(''))
  expect(answer.header('content-encoding')).toBeUndefined()
  expect(bodyOf(first)).toBe(body)
  expect(await gateway.onlyRow()).toMatchObject({ client: 'codex_cli_rs/0.169.0', sessionId: SESSION })
})

test('Gemini CLI: no session id, yet the turns of a conversation stay together', async () => {
  const { gateway } = await startTwoChannels(gemini, {
    settings: { strategy: 'round_robin' },
    firstChannel: { priority: 1 },
    secondChannel: { priority: 1 }
  })
  const turn = async (contents: readonly object[]): Promise<string | undefined> => {
    const answer = await gateway.send({
      target: `/v1beta/models/${gemini.model}:streamGenerateContent?alt=sse`,
      headers: { 'user-agent': 'GeminiCLI/0.61.0/gemini-2.5-flash (linux; x64)', 'x-goog-api-key': gateway.key },
      body: {
        systemInstruction: { parts: [{ text: 'You are Gemini CLI.' }] },
        contents,
        tools: [{ functionDeclarations: [] }]
      }
    }).done
    return answer.header('x-routex-channel')
  }
  const asked = { role: 'user', parts: [{ text: 'Fix the test' }] }
  const called = { role: 'model', parts: [{ functionCall: { name: 'ls', args: {} }, thoughtSignature: 'c2ln' }] }
  const result = { role: 'user', parts: [{ functionResponse: { name: 'ls', response: { output: 'a b' } } }] }
  const opened = await turn([asked])
  await turn([{ role: 'user', parts: [{ text: 'someone else’s turn' }] }])
  expect(await turn([asked, called, result])).toBe(opened)
  expect(await turn([asked, called, result, called, result])).toBe(opened)
})

test('OpenCode: x-session-affinity, usage asked for in a chat stream', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  const answer = await gateway.send({
    target: '/v1/chat/completions',
    headers: {
      'user-agent': 'opencode/1.18.2 ai-sdk/openai-compatible/2.0.1',
      authorization: `Bearer ${gateway.key}`,
      'x-session-affinity': 'ses_5f2a'
    },
    body: openaiChat.request({ stream: true })
  }).done
  expect(answer.complete).toBe(true)
  expect(first.requests).toHaveLength(1)
  expect(await gateway.onlyRow()).toMatchObject({
    client: 'opencode/1.18.2',
    sessionId: 'ses_5f2a',
    usage: { output: 7 }
  })
})
