import { expect, onTestFinished, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { FakeBackend } from '../../../test/e2e/support/fake-backend'
import { sampleStatus } from '../../../test/e2e/support/sample-data'
import type { GatewayStatus } from '../../shared/gateway-status'
import { shortcuts } from '../lib/shortcuts.svelte'
import { openInApp } from '../test-open'
import { frameShortcuts } from './frame-shortcuts'
import { FrameState } from './frame.svelte'
import StatusBar from './StatusBar.svelte'

test('a pause by a key is told, and can be taken back', async () => {
  const { app, backend, screen } = await openInApp(StatusBar, {
    props: { oncommands: () => undefined },
    prepare: (fake: FakeBackend) => fake.answer('gateway.setState', ({ state }) => sampleStatus({ state }))
  })
  onTestFinished(shortcuts.add(frameShortcuts(app, new FrameState())))
  await expect.element(screen.getByText('On', { exact: true })).toBeVisible()
  await userEvent.keyboard('p')
  const told = screen.getByText('The gateway is paused: requests are refused')
  await expect.element(told).toBeVisible()
  await screen.getByRole('button', { name: 'Undo' }).click()
  expect(backend.made.at(-1)).toEqual({ name: 'gateway.setState', params: { state: 'on' } })
  await expect.element(told).not.toBeInTheDocument()
})

test('a key that is hit several times changes the gateway as often, one after the other, and tells the last', async () => {
  const { app, backend, screen } = await openInApp(StatusBar, {
    props: { oncommands: () => undefined },
    prepare: (fake: FakeBackend) =>
      fake.answer('gateway.setState', async ({ state }) => {
        await new Promise((resolve) => requestAnimationFrame(resolve))
        return sampleStatus({ state })
      })
  })
  onTestFinished(shortcuts.add(frameShortcuts(app, new FrameState())))
  await expect.element(screen.getByText('On', { exact: true })).toBeVisible()
  const asked = () => backend.made.flatMap(({ name, params }) => (name === 'gateway.setState' ? [params] : []))
  await userEvent.keyboard('ppp')
  await expect.poll(asked).toEqual([{ state: 'paused' }, { state: 'on' }, { state: 'paused' }])
  await expect
    .poll(() => app.toasts.list.map(({ text }) => text))
    .toEqual(['The gateway is paused: requests are refused'])
  expect(app.gateway.current?.state).toBe('paused')
})

/** The status bar with the shortcuts, on a gateway that answers each change with the state asked for. */
async function openAt(before: Partial<GatewayStatus>) {
  const opened = await openInApp(StatusBar, {
    props: { oncommands: () => undefined },
    prepare: (fake: FakeBackend) => {
      fake.answer('gateway.status', () => sampleStatus(before))
      fake.answer('gateway.setState', ({ state }) => sampleStatus({ state }))
    }
  })
  onTestFinished(shortcuts.add(frameShortcuts(opened.app, new FrameState())))
  await expect.poll(() => opened.app.gateway.current).not.toBeNull()
  return opened
}

test('a pause with an end that a key ended is taken back with what was left of it', async () => {
  const { app, backend, screen } = await openAt({ state: 'paused', pausedUntil: Date.now() + 59.5 * 60_000 })

  await userEvent.keyboard('p')
  await screen.getByRole('button', { name: 'Undo' }).click()

  expect(backend.made.at(-1)).toEqual({ name: 'gateway.setState', params: { state: 'paused', minutes: 60 } })
  await expect.poll(() => app.toasts.list).toEqual([])
})

test('what a key did is told, and can be taken back, only until the gateway is changed elsewhere', async () => {
  const { app, backend, screen } = await openAt({ state: 'on' })
  await userEvent.keyboard('p')
  const told = screen.getByText('The gateway is paused: requests are refused')
  await expect.element(told).toBeVisible()

  backend.emit('gateway.changed', sampleStatus({ state: 'paused', inFlight: 1 }))
  await expect.element(told).toBeVisible()
  backend.emit('gateway.changed', sampleStatus({ state: 'on' }))

  await expect.element(told).not.toBeInTheDocument()
  expect(app.toasts.list).toEqual([])
})
