import { expect, onTestFinished, test } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { InFlightState } from './in-flight.svelte'

test('a list that was told while one was on its way is newer', async () => {
  const backend = new FakeBackend()
  const state = new InFlightState(backend)
  onTestFinished(state.listen())
  const answer = Promise.withResolvers<unknown>()
  backend.answer('gateway.inFlight', () => answer.promise)
  const loading = state.load()
  backend.emit('inFlight.changed', { requests: [], total: 0, byChannel: [] })
  answer.resolve({ requests: [], total: 3, byChannel: [] })
  await loading
  expect(state.list?.total).toBe(0)
})
