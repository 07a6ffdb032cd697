import { expect, test } from 'vitest'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails } from '../support/vendors/vendors'

test('B03 x-should-retry: false hands a 500 back without failover', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, 500, 'final', { 'x-should-retry': 'false' }))
  expect((await gateway.ask(anthropic).done).status).toBe(500)
  expect(second.requests).toHaveLength(0)
})

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

test('B03 x-should-retry: true takes a 409 elsewhere', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, 409, 'again', { 'x-should-retry': 'true' }))
  expect((await gateway.ask(anthropic).done).header('x-routex-channel')).toBe('second')
})
