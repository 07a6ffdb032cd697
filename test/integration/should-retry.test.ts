import { expect, test } from 'vitest'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails } from '../support/vendors/vendors'

const SIGNATURE_REFUSED = 'messages.1.content.0: Invalid `signature` in `thinking` block'
const SIGNED = {
  messages: [
    { role: 'user', content: 'one' },
    {
      role: 'assistant',
      content: [
        { type: 'thinking', thinking: 'hm', signature: 'c2ln' },
        { type: 'text', text: 'two' }
      ]
    },
    { role: 'user', content: 'three' }
  ]
}

test.each([429, 529])(
  'B03 x-should-retry: false hands a %i back without failover, and rests the channel',
  async (status) => {
    const { first, second, gateway } = await startTwoChannels(anthropic)
    first.next(fails(anthropic, status, 'not this one', { 'x-should-retry': 'false' }))
    const answer = await gateway.ask(anthropic).done
    expect(answer.status).toBe(status)
    expect(answer.header('x-routex-channel')).toBe('first')
    expect(second.requests).toHaveLength(0)
    expect(await gateway.health('first')).toMatchObject({ state: 'cooling' })
    expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('second')
  }
)

test.each([
  [401, 'auth_failed'],
  [402, 'cooling'],
  [403, 'auth_failed'],
  [408, 'cooling']
])(
  'B03 x-should-retry: false hands a %i back without failover, and judges the channel by it',
  async (status, state) => {
    const { first, second, gateway } = await startTwoChannels(anthropic)
    first.next(fails(anthropic, status, 'not this one', { 'x-should-retry': 'false' }))
    const answer = await gateway.ask(anthropic).done
    expect(answer.status).toBe(status)
    expect(answer.json()).toEqual(anthropic.error(status, 'not this one'))
    expect(second.requests).toHaveLength(0)
    expect(await gateway.health('first')).toMatchObject({ state })
    expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('second')
  }
)

test('B03 x-should-retry: false hands a missing model back, and leaves it out afterwards', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, 404, `model: ${anthropic.model}`, { 'x-should-retry': 'false' }))
  expect((await gateway.ask(anthropic).done).status).toBe(404)
  expect(second.requests).toHaveLength(0)
  expect((await gateway.health('first')).missingModels).toHaveLength(1)
})

test.each([500, 503, 302])('B03 x-should-retry: false hands a %i back and counts it as a failure', async (status) => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, status, 'final', { 'x-should-retry': 'false' }))
  expect((await gateway.ask(anthropic).done).status).toBe(status)
  expect(second.requests).toHaveLength(0)
  expect(await gateway.health('first')).toMatchObject({ failures: 1 })
})

test('B14 x-should-retry: false does not stand in the way of a try without signatures, which is another request', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, 400, SIGNATURE_REFUSED, { 'x-should-retry': 'false' }))
  const answer = await gateway.ask(anthropic, { body: SIGNED }).done
  expect(answer.status).toBe(200)
  expect(first.requests).toHaveLength(2)
  expect(second.requests).toHaveLength(0)
})

test('B03 x-should-retry: true takes a signature that stays refused elsewhere', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.always(fails(anthropic, 400, SIGNATURE_REFUSED, { 'x-should-retry': 'true' }))
  const answer = await gateway.ask(anthropic, { body: SIGNED }).done
  expect(answer.header('x-routex-channel')).toBe('second')
  expect(first.requests).toHaveLength(2)
  expect(second.requests).toHaveLength(1)
})

test.each([400, 404, 405, 413, 415, 422])(
  'B03 x-should-retry: true takes a %i elsewhere, without harm',
  async (status) => {
    const { first, gateway } = await startTwoChannels(anthropic)
    first.next(fails(anthropic, status, 'again', { 'x-should-retry': 'true' }))
    expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('second')
    expect(await gateway.health('first')).toMatchObject({ state: 'closed', failures: 0 })
  }
)

test('B03 x-should-retry: true takes a 409 elsewhere', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, 409, 'again', { 'x-should-retry': 'true' }))
  expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('second')
})
