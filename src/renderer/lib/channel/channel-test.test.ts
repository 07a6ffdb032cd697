import { expect, test } from 'vitest'
import type { ChannelTestResult, TestStep } from '../../../shared/channel-test'
import type { ChannelId } from '../../../shared/ids'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { ChannelTest } from './channel-test.svelte'

const id = 'main' as ChannelId
const well = (step: TestStep['step']): TestStep => ({ step, ok: true, ms: 12, error: null, fault: null })

function setup() {
  const backend = new FakeBackend()
  let finish: (result: ChannelTestResult) => void = () => undefined
  let testId = ''
  backend.answer('channels.test', (params) => {
    testId = params.testId ?? ''
    return new Promise((resolve) => (finish = resolve))
  })
  const run = new ChannelTest(backend)
  const outline = () =>
    run.steps.map((step) => (step.kind === 'over' ? `${step.step.step} ok` : `${step.name} ${step.kind}`))
  const emit = (step: TestStep, of = testId) => backend.emit('test.step', { testId: of, step })
  return { backend, run, outline, emit, finish: (result: ChannelTestResult) => finish(result) }
}

test('steps come one by one, and those of another test are not mixed in', async () => {
  const { run, outline, emit, finish } = setup()
  const running = run.run({ kind: 'saved', params: { id } })
  expect(outline()).toEqual(['connect running', 'auth waiting', 'request waiting', 'stream waiting'])
  emit(well('connect'))
  emit(well('auth'), 'another')
  expect(outline()).toEqual(['connect ok', 'auth running', 'request waiting', 'stream waiting'])
  finish({ ok: true, model: 'm', steps: [well('connect'), well('auth'), well('request'), well('stream')] })
  await running
  expect(outline()).toEqual(['connect ok', 'auth ok', 'request ok', 'stream ok'])
})

test('what a failed step left out is said to be skipped', async () => {
  const { run, outline, finish } = setup()
  const running = run.run({ kind: 'saved', params: { id } })
  finish({
    ok: false,
    model: 'm',
    steps: [well('connect'), { step: 'auth', ok: false, ms: 3, error: 'no', fault: 'auth' }]
  })
  await running
  expect(outline()).toEqual(['connect ok', 'auth ok', 'request skipped', 'stream skipped'])
})

test('a test that was begun anew, or given up, is not overwritten by the one before', async () => {
  const { run, finish } = setup()
  const first = run.run({ kind: 'saved', params: { id } })
  const endFirst = finish
  run.reset()
  endFirst({ ok: true, model: null, steps: [] })
  await first
  expect(run.state.kind).toBe('idle')
})

test('a test that is stopped is ended in the program too, one that is over is not', async () => {
  const { backend, run, finish } = setup()
  const running = run.run({ kind: 'saved', params: { id } })
  run.stop()
  finish({ ok: false, model: 'm', steps: [] })
  await running
  expect(run.state.kind).toBe('stopped')
  run.reset()
  expect(run.state.kind).toBe('idle')
  expect(backend.made.map(({ name }) => name)).toEqual(['channels.test', 'channels.stopTest'])
})

test('one that can not be tried at all says why', async () => {
  const { backend, run } = setup()
  backend.fail('channels.test', 'conflict', 'The Demo answers offline: there is nothing to test')
  await run.run({ kind: 'saved', params: { id } })
  expect(run.state).toMatchObject({ kind: 'failed', failure: { code: 'conflict' } })
})
