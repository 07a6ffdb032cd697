import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  isObject,
  listIn,
  memberOf,
  objectIn,
  parseJson,
  textIn,
  type JsonObject
} from '../../../src/main/protocols/foreign-json'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { readEvents } from '../../support/sse'
import { startGateway } from '../../support/start-gateway'
import type { Content } from '../../support/vendors/content'
import {
  anthropic,
  gemini,
  openaiChat,
  openaiResponses,
  says,
  VENDORS,
  type Vendor
} from '../../support/vendors/vendors'

function fixture(name: string): JsonObject {
  const url = new URL(`../../fixtures/translation/${name}`, import.meta.url)
  const json = parseJson(readFileSync(url, 'utf8'))
  if (!isObject(json)) throw new Error(name)
  return json
}

/** The channel's only answer is this; what the client read of it, and what the channel was sent. */
async function exchange(channel: Vendor, content: Content, request: Parameters<typeof send>[1]) {
  const upstream = await startFakeUpstream()
  upstream.always(says(channel, content))
  const gateway = await startGateway({ config: withChannels([channelOf(channel, upstream)]) })
  const answer = await send(gateway, request)
  expect([answer.status, answer.complete, answer.text.slice(0, 300)]).toMatchObject([200, true, expect.any(String)])
  const events = readEvents(answer.text).map(({ data }) => parseJson(data))
  return { answer, events, sent: parseJson(String(upstream.requests[0]?.body)), upstream }
}

const send = (
  gateway: Awaited<ReturnType<typeof startGateway>>,
  { target, headers, body }: { target: string; headers: (key: string) => Record<string, string>; body: object }
) => gateway.send({ target, headers: headers(gateway.key), body }).done

const others = (client: Vendor): readonly Vendor[] => VENDORS.filter((vendor) => vendor !== client)

describe.each(others(anthropic))('Claude Code on a channel of $protocol', (channel) => {
  const request = {
    target: '/v1/messages?beta=true',
    headers: (key: string) => ({
      'x-api-key': key,
      authorization: `Bearer ${key}`,
      'anthropic-version': '2023-06-01',
      'anthropic-beta': 'claude-code-20250219,interleaved-thinking-2025-05-14,context-management-2025-06-27',
      'x-app': 'cli',
      'user-agent': 'claude-cli/2.1.330 (external, cli)',
      'x-claude-code-session-id': '11111111-2222-3333-4444-555555555555'
    }),
    body: fixture('anthropic/request-claude-code.json')
  }

  test('is answered, and calls its own tool', async () => {
    const tool = { name: 'Bash', arguments: { command: 'cat main.ts' } }
    const { events, sent, upstream } = await exchange(channel, { text: 'I look.', tool }, request)
    const block = events
      .flatMap((event) => objectIn(event, 'content_block') ?? [])
      .find((one) => textIn(one, 'type') === 'tool_use')
    expect(block).toMatchObject({ name: 'Bash' })
    expect(events.flatMap((event) => textIn(objectIn(event, 'delta'), 'partial_json') ?? []).join('')).toBe(
      '{"command":"cat main.ts"}'
    )
    expect(JSON.stringify(sent)).not.toContain('x-anthropic-billing-header')
    expect(JSON.stringify(sent)).toContain('You are Claude Code.')
    expect(upstream.requests[0]?.headers).not.toHaveProperty('anthropic-beta')
    expect(upstream.requests[0]?.headers).not.toHaveProperty('x-claude-code-session-id')
  })
})

describe.each(others(openaiResponses))('Codex on a channel of $protocol', (channel) => {
  const request = {
    target: '/v1/responses',
    headers: (key: string) => ({
      authorization: `Bearer ${key}`,
      accept: 'text/event-stream',
      originator: 'codex_cli_rs',
      'session-id': '0199b1a2-0000-7000-8000-000000000000'
    }),
    body: fixture('openai-responses/codex-request.json')
  }
  const callOf = async (content: Content, body: object = request.body) => {
    const { events, answer } = await exchange(channel, content, { ...request, body: { ...body, stream: true } })
    const last = events.at(-1)
    expect(textIn(last, 'type')).toBe('response.completed')
    const output = listIn(objectIn(last, 'response'), 'output')
    return { call: output.find((item) => textIn(item, 'type')?.endsWith('_call')), answer }
  }

  test('calls its freeform apply_patch as the custom tool that it declared', async () => {
    const patch = '*** Begin Patch\n*** Delete File: "a".txt\n*** End Patch\n'
    const { call, answer } = await callOf({ text: 'Now.', tool: { name: 'apply_patch', arguments: { input: patch } } })
    expect(call).toMatchObject({ type: 'custom_tool_call', name: 'apply_patch', input: patch })
    expect(answer.header('x-routex-warnings')).toContain('tool_search')
    expect(answer.header('content-encoding')).toBeUndefined()
  })

  test('calls a tool of its namespace, and a plain one', async () => {
    const tool = { name: 'mcp__docs__search', arguments: { query: 'bug' } }
    const { call } = await callOf({ text: 'Now.', tool })
    expect(call).toMatchObject({ type: 'function_call', name: 'search', namespace: 'mcp__docs__' })
    const plain = await callOf({ text: 'Now.', tool: { name: 'exec_command', arguments: { cmd: 'ls' } } })
    expect(plain.call).toMatchObject({ type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}' })
  })

  test('calls local_shell as the action that it carries out', async () => {
    const body = fixture('openai-responses/built-in-tools-request.json')
    const tool = { name: 'local_shell', arguments: { command: ['ls', '-l'] } }
    const { call } = await callOf({ text: 'Now.', tool }, { ...body, tool_choice: 'auto' })
    expect(call).toMatchObject({ type: 'local_shell_call', action: { type: 'exec', command: ['ls', '-l'] } })
  })
})

describe.each(others(gemini))('Gemini CLI on a channel of $protocol', (channel) => {
  const headers = (key: string) => ({ 'x-goog-api-key': key, 'user-agent': 'GeminiCLI/0.61.0 (linux; x64)' })

  test('gets JSON for its router, which it asks first', async () => {
    const text = '{"reasoning":"short","model_choice":"flash"}'
    const body = fixture('gemini/request-gemini-cli.json')
    const target = '/v1beta/models/gemini-2.5-flash-lite:generateContent'
    const { answer } = await exchange(channel, { text }, { target, headers, body })
    const [candidate] = listIn(answer.json(), 'candidates')
    expect(listIn(objectIn(candidate, 'content'), 'parts')).toMatchObject([{ text }])
  })

  test('is answered in its stream, and calls its own tool', async () => {
    const body = {
      contents: [{ role: 'user', parts: [{ text: 'What is here?' }] }],
      systemInstruction: { role: 'user', parts: [{ text: 'You are an interactive CLI agent.' }] },
      tools: [
        {
          functionDeclarations: [
            {
              name: 'list_directory',
              description: 'Lists',
              parametersJsonSchema: { type: 'object', properties: { path: { type: 'string' } }, required: ['path'] }
            }
          ]
        }
      ],
      generationConfig: { temperature: 1, topP: 0.95, thinkingConfig: { includeThoughts: true, thinkingBudget: 8192 } }
    }
    const target = '/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse'
    const tool = { name: 'list_directory', arguments: { path: '/' } }
    const { events, answer } = await exchange(channel, { text: 'I look.', tool }, { target, headers, body })
    const parts = events
      .flatMap((event) => listIn(event, 'candidates'))
      .flatMap((one) => listIn(objectIn(one, 'content'), 'parts'))
    expect(parts.flatMap((part) => objectIn(part, 'functionCall') ?? [])).toMatchObject([
      { name: 'list_directory', args: { path: '/' } }
    ])
    expect(answer.text).not.toContain('[DONE]')
    expect(answer.text).toContain('"finishReason":"STOP"')
  })
})

describe.each(others(openaiChat))('OpenCode on a channel of $protocol', (channel) => {
  test('is answered with usage, and calls its own tool', async () => {
    const parameters = {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { filePath: { type: 'string' } },
      required: ['filePath'],
      additionalProperties: false
    }
    const body = {
      model: 'gpt-4.1-mini',
      max_tokens: 32000,
      messages: [
        { role: 'system', content: 'You are OpenCode.' },
        { role: 'user', content: [{ type: 'text', text: 'Read a.ts' }] },
        {
          role: 'assistant',
          content: '',
          reasoning_content: 'Which one?',
          tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'glob', arguments: '{"pattern":"*.ts"}' } }]
        },
        { role: 'tool', tool_call_id: 'call_1', content: 'a.ts' }
      ],
      tools: ['read', 'glob'].map((name) => ({ type: 'function', function: { name, description: name, parameters } })),
      tool_choice: 'auto',
      stream: true,
      stream_options: { include_usage: true }
    }
    const headers = (key: string) => ({
      authorization: `Bearer ${key}`,
      'x-session-id': 'ses_1',
      'x-session-affinity': 'ses_1'
    })
    const tool = { name: 'read', arguments: { filePath: 'a.ts' } }
    const { events, answer } = await exchange(
      channel,
      { text: '', tool },
      { target: '/v1/chat/completions', headers, body }
    )
    const calls = events
      .flatMap((event) => listIn(event, 'choices'))
      .flatMap((choice) => listIn(objectIn(choice, 'delta'), 'tool_calls'))
      .flatMap((call) => objectIn(call, 'function') ?? [])
    expect(calls.map((call) => textIn(call, 'name') ?? '').join('')).toBe('read')
    expect(calls.map((call) => textIn(call, 'arguments') ?? '').join('')).toBe('{"filePath":"a.ts"}')
    expect(events.map((event) => memberOf(event, 'usage')).find((usage) => isObject(usage))).toMatchObject({
      prompt_tokens: 11
    })
    expect(answer.text.trimEnd().endsWith('data: [DONE]')).toBe(true)
  })
})
