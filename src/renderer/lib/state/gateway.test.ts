import { expect, onTestFinished, test } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleStatus } from '../../../../test/e2e/support/sample-data'
import { GatewayState } from './gateway.svelte'

function setup() {
  const backend = new FakeBackend()
  const state = new GatewayState(backend)
  onTestFinished(state.listen())
  return { backend, state }
}

const on = sampleStatus()
const paused = sampleStatus({ state: 'paused' })

test('a pause that is answered after it was ended elsewhere is not shown', async () => {
  const { backend, state } = setup()
  const answer = Promise.withResolvers<unknown>()
  backend.answer('gateway.setState', () => answer.promise)
  const change = state.setState('paused')
  backend.emit('gateway.changed', paused)
  backend.emit('gateway.changed', on)
  answer.resolve(paused)
  await change
  expect(state.current?.state).toBe('on')
  expect(state.asked).toBeNull()
})

test('a status that was asked for before a change or an event is older than it, whether it comes or fails', async () => {
  const { backend, state } = setup()
  const status = Promise.withResolvers<unknown>()
  backend.answer('gateway.status', () => status.promise)
  backend.answer('gateway.setState', () => paused)
  const loads = [state.load(), state.load()]
  await state.setState('paused')
  status.resolve(on)
  await Promise.all(loads)
  expect(state.current?.state).toBe('paused')
  backend.fail('gateway.status', 'unreachable', 'gone')
  const failing = state.load()
  backend.emit('gateway.changed', on)
  await failing
  expect(state.current?.state).toBe('on')
})

test('a change that fails does not cost the status that was asked for before it', async () => {
  const { backend, state } = setup()
  const status = Promise.withResolvers<unknown>()
  backend.answer('gateway.status', () => status.promise)
  backend.fail('gateway.setState', 'port_in_use', 'taken')
  const loading = state.load()
  await state.setState('on')
  status.resolve(on)
  await loading
  expect(state.current?.state).toBe('on')
  expect(state.failure?.code).toBe('port_in_use')
})
