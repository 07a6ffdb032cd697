import type { Component } from 'svelte'
import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { router } from '../../lib/router.svelte'
import { openInApp } from '../../test-open'
import FirstRunPage from '../first-run/FirstRunPage.svelte'
import ChannelsPage from './ChannelsPage.svelte'

const asPart = (page: Component<never>) => page as Component<Record<string, unknown>>

const kept = (storage: Storage) =>
  Array.from({ length: storage.length }, (_, index) => storage.getItem(storage.key(index) ?? ''))

const prepare = (fake: FakeBackend): void => {
  fake.answer('channels.tryOut', () => ({ ok: true, model: 'm', steps: [] }))
  fake.answer('channels.create', () => sampleChannel('Mine'))
  fake.answer('clientKeys.reveal', () => ({ secret: 'rtx-secret' }))
  fake.answer('clientKeys.create', () => {
    throw new Error('no key is made here')
  })
}

test('what is typed for a new channel is there again after Escape, and can be thrown away', async () => {
  const { app, screen } = await openInApp(ChannelsPage, { at: ['channels', { add: '' }], prepare })
  await screen.getByRole('button', { name: /^Custom/ }).click()
  const name = screen.getByLabelText('Name', { exact: true })
  const key = screen.getByLabelText('API key')
  expect(app.hasUnsaved).toBe(false)
  await name.fill('Mine')
  await key.fill('sk-typed')
  expect(app.hasUnsaved).toBe(true)
  await userEvent.keyboard('{Escape}')
  await expect.element(name).not.toBeInTheDocument()
  expect(app.hasUnsaved).toBe(true)

  router.go('channels', { add: '' })
  await expect.element(name).toHaveValue('Mine')
  await expect.element(key).toHaveValue('sk-typed')
  expect(JSON.stringify([kept(localStorage), kept(sessionStorage), history.state])).not.toContain('sk-typed')

  await screen.getByRole('button', { name: 'Back', exact: true }).click()
  await screen.getByRole('button', { name: /^Custom/ }).click()
  await expect.element(name).toHaveValue('Mine')
  await screen.getByRole('button', { name: 'Start over' }).click()
  expect(app.hasUnsaved).toBe(false)
  await screen.getByRole('button', { name: /^Custom/ }).click()
  await expect.element(name).toHaveValue('')
  await expect.element(screen.getByRole('button', { name: 'Start over' })).not.toBeInTheDocument()
})

test('a channel that was added leaves nothing to go on with, and one that is found again is tested again', async () => {
  const { app, backend, screen } = await openInApp(ChannelsPage, { at: ['channels', { add: '' }], prepare })
  const tests = (): number => backend.made.filter(({ name }) => name === 'channels.tryOut').length
  await screen.getByRole('button', { name: /^Custom/ }).click()
  await screen.getByLabelText('Name', { exact: true }).fill('Mine')
  await screen.getByLabelText('Base URL').fill('https://api.example.test')
  await expect.poll(tests, { timeout: 8_000 }).toBe(1)
  await userEvent.keyboard('{Escape}')
  await expect.element(screen.getByLabelText('Base URL')).not.toBeInTheDocument()
  router.go('channels', { add: '' })
  await expect.poll(tests, { timeout: 8_000 }).toBe(2)
  await screen.getByRole('button', { name: /^Save/ }).click()
  await expect.poll(() => app.hasUnsaved).toBe(false)
  router.go('channels', { add: '' })
  await expect.element(screen.getByRole('button', { name: /^Custom/ })).toBeVisible()
})

test('Enter in a field saves what passes its test, and not what fails it', async () => {
  const { backend, screen } = await openInApp(ChannelsPage, { at: ['channels', { add: '' }], prepare })
  const saves = (): number => backend.made.filter(({ name }) => name === 'channels.create').length
  backend.answer('channels.tryOut', () => ({ ok: false, model: 'm', steps: [] }))
  await screen.getByRole('button', { name: /^Custom/ }).click()
  await screen.getByLabelText('Name', { exact: true }).fill('Mine')
  await screen.getByLabelText('Base URL').fill('https://api.example.test')
  await userEvent.keyboard('{Enter}')
  await expect.element(screen.getByRole('button', { name: 'Save anyway' })).toBeVisible()
  await userEvent.keyboard('{Enter}')
  expect(saves()).toBe(0)
  backend.answer('channels.tryOut', () => ({ ok: true, model: 'm', steps: [] }))
  await userEvent.keyboard('{Enter}')
  await expect.poll(saves).toBe(1)
})

test('why a test failed is said beside Save, and leads to the test where that is out of sight', async () => {
  const { backend, screen } = await openInApp(ChannelsPage, { at: ['channels', { add: '' }], prepare })
  const error = '401: no such key\nAsk for one'
  backend.answer('channels.tryOut', () => ({
    ...{ ok: false, model: 'm' },
    steps: [{ step: 'connect', ok: false, ms: 1, error, fault: 'auth' }]
  }))
  const saving = (): string => document.querySelector('form footer')?.textContent ?? ''
  await screen.getByRole('button', { name: /^Custom/ }).click()
  await screen.getByLabelText('Name', { exact: true }).fill('Mine')
  await screen.getByLabelText('Base URL').fill('https://api.example.test')
  await expect.poll(saving).toContain('401: no such key')
  const steps = screen.getByRole('list', { name: 'Steps of the test' })
  await expect.element(steps).not.toBeInViewport()
  await screen.getByRole('button', { name: 'Show', exact: true }).click()
  await expect.element(steps).toBeInViewport()

  backend.fail('channels.tryOut', 'forbidden', 'not here')
  await screen.getByRole('button', { name: 'Test again' }).click()
  await expect.poll(saving).toContain('It can’t be tested.')
  backend.answer('channels.tryOut', () => ({ ok: true, model: 'm', steps: [] }))
  await screen.getByRole('button', { name: 'Test again' }).click()
  await expect.poll(saving).toMatch(/^\s*Back\s*Test again\s*Save/)
})

test('what is typed in the first steps is there again after another page', async () => {
  const { app, backend, screen } = await openInApp(FirstRunPage, { at: ['first-run'], prepare })
  const key = screen.getByLabelText('API key')
  await screen.getByRole('button', { name: /^Custom/ }).click()
  await key.fill('sk-typed')
  await screen.rerender({ backend, part: asPart(ChannelsPage) })
  await expect.element(key).not.toBeInTheDocument()
  expect(app.hasUnsaved).toBe(true)
  await screen.rerender({ backend, part: asPart(FirstRunPage) })
  await expect.element(key).toHaveValue('sk-typed')
})
