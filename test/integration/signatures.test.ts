import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream, type FakeUpstream } from '../support/fake-upstream'
import { json } from '../support/scripts'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels } from '../support/two-channels'
import { anthropicError } from '../support/vendors/anthropic'
import { openaiError } from '../support/vendors/openai-chat'
import { anthropic, fails, openaiResponses } from '../support/vendors/vendors'

const complaint = json(
  400,
  anthropicError('invalid_request_error', 'messages.1.content.0: Invalid `signature` in `thinking` block')
)

const signed = { type: 'thinking', thinking: 'Two and two', signature: 'b3RoZXIgYWNjb3VudA==' }
const conversation = {
  max_tokens: 4096,
  thinking: { type: 'enabled', budget_tokens: 2048 },
  messages: [
    { role: 'user', content: 'Two and two?' },
    { role: 'assistant', content: [signed, { type: 'text', text: 'Four' }] },
    { role: 'user', content: 'And three?' }
  ]
}
const toolLoop = {
  ...conversation,
  tools: [{ name: 'add', input_schema: { type: 'object' } }],
  messages: [
    { role: 'user', content: 'Two and two?' },
    { role: 'assistant', content: [signed, { type: 'tool_use', id: 'toolu_1', name: 'add', input: {} }] },
    { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: '4' }] }
  ]
}

function bodyOf(upstream: FakeUpstream, index: number): Record<string, unknown> {
  return JSON.parse(upstream.requests[index]?.body.toString() ?? '{}') as Record<string, unknown>
}

test('B14 thinking goes out as it is first', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  await gateway.ask(anthropic, { body: conversation }).done
  expect(first.requests).toHaveLength(1)
  expect(bodyOf(first, 0)['messages']).toEqual(conversation.messages)
})

test('B14 a 400 about a signature strips all thinking and tries once more on the same channel', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.next(complaint)
  const answer = await gateway.ask(anthropic, { body: conversation }).done
  expect(answer.json()).toEqual(anthropic.answer({ text: 'from first' }))
  expect(first.requests).toHaveLength(2)
  expect(bodyOf(first, 1)['messages']).toEqual([
    { role: 'user', content: 'Two and two?' },
    { role: 'assistant', content: [{ type: 'text', text: 'Four' }] },
    { role: 'user', content: 'And three?' }
  ])
  expect(second.requests).toHaveLength(0)
  expect(await gateway.health('first')).toMatchObject({ state: 'closed', failures: 0 })
})

test('B14 in a tool loop manual thinking is switched off as well', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(complaint)
  const answer = await gateway.ask(anthropic, { body: toolLoop, stream: true }).done
  expect(answer.header('x-routex-warnings')).toBe('reasoning (off in a tool loop without signed thinking)')
  expect(bodyOf(first, 0)['thinking']).toEqual(toolLoop.thinking)
  const second = bodyOf(first, 1)
  expect([undefined, 'disabled']).toContain((second['thinking'] as { readonly type: string } | undefined)?.type)
  expect(JSON.stringify(second)).not.toContain('signature')
})

test('B14 a tool loop that another vendor began goes without manual thinking at once, and the client is told', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const body = JSON.parse(JSON.stringify(toolLoop).replaceAll('toolu_1', 'call_1')) as typeof toolLoop
  const messages = body.messages.map((message) =>
    message.role === 'assistant' ? { ...message, content: message.content.slice(1) } : message
  )
  const answer = await gateway.ask(anthropic, { body: { ...body, messages } }).done
  expect(answer.header('x-routex-warnings')).toBe('reasoning (off in a tool loop without signed thinking)')
  expect(await gateway.onlyRow()).toMatchObject({ warnings: expect.stringContaining('reasoning') as string })
  expect(first.requests).toHaveLength(1)
  expect(bodyOf(first, 0)).not.toHaveProperty('thinking')
  expect(bodyOf(first, 0)['messages']).toEqual(messages)
})

test('B14 it is tried only once more: the second complaint goes to the client', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.always(complaint)
  const answer = await gateway.ask(anthropic, { body: conversation }).done
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('signature')
  expect(first.requests).toHaveLength(2)
  expect(second.requests).toHaveLength(0)
})

test('B14 a complaint about a request without signatures goes to the client at once', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(complaint)
  expect((await gateway.ask(anthropic).done).status).toBe(400)
  expect(first.requests).toHaveLength(1)
})

test('B14 invalid_encrypted_content strips the reasoning and tries once more on the same channel', async () => {
  const { first, second, gateway } = await startTwoChannels(openaiResponses)
  first.next(
    json(
      400,
      openaiError('invalid_request_error', 'The encrypted content could not be verified.', 'invalid_encrypted_content')
    )
  )
  const input = [
    { type: 'message', role: 'user', content: 'Two and two?' },
    { type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: 'gAAAAABother' },
    { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Four' }] },
    { type: 'message', role: 'user', content: 'And three?' }
  ]
  const answer = await gateway.ask(openaiResponses, { body: { input } }).done
  expect(answer.json()).toEqual(openaiResponses.answer({ text: 'from first' }))
  expect(first.requests).toHaveLength(2)
  expect(bodyOf(first, 0)['input']).toEqual(input)
  expect(JSON.stringify(bodyOf(first, 1))).not.toContain('gAAAAABother')
  expect(JSON.stringify(bodyOf(first, 1))).toContain('And three?')
  expect(second.requests).toHaveLength(0)
})

test('B06 the second try of a signature counts among the four', async () => {
  const upstream = await startFakeUpstream()
  upstream.next(...[1, 2, 3].map(() => fails(anthropic, 500, 'down')))
  upstream.always(complaint)
  const config = withChannels(
    ['a', 'b', 'c', 'd', 'e'].map((name, at) => channelOf(anthropic, upstream, { name, priority: at + 1 }))
  )
  const gateway = await startGateway({ config })
  const answer = await gateway.ask(anthropic, { body: conversation }).done
  expect(upstream.requests).toHaveLength(4)
  expect(answer.header('x-routex-attempts')).toBe('4')
  expect(answer.status).toBe(400)
  expect(answer.text).toContain('signature')
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'client_error', errorCode: 'signature' })
})
