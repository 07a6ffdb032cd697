import { expect, test } from 'vitest'
import { userEvent } from 'vitest/browser'
import { sampleChannel, sampleHealth } from '../../../../test/e2e/support/sample-data'
import type { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { router } from '../../lib/router.svelte'
import { openInApp } from '../../test-open'
import ChannelsPage from './ChannelsPage.svelte'

async function openCustom() {
  const opened = await openInApp(ChannelsPage, { at: ['channels', { add: '' }] })
  await opened.screen.getByRole('button', { name: /^Custom/ }).click()
  return opened
}

test('an address that is none is marked when it is left, with what is expected', async () => {
  const { screen } = await openCustom()
  const url = screen.getByLabelText('Base URL')
  await url.fill('not a url')
  await expect.element(url).not.toHaveAttribute('aria-invalid')
  await userEvent.keyboard('{Tab}')
  await expect.element(url).toHaveAttribute('aria-invalid', 'true')
  await expect.element(screen.getByText('That is no address. It begins with https:// or http://.')).toBeVisible()
  await url.fill('https://api.example.com')
  await userEvent.keyboard('{Tab}')
  await expect.element(url).not.toHaveAttribute('aria-invalid')
})

test('a priority that is out of range is neither put back nor saved', async () => {
  const main = sampleChannel('Main', { priority: 20 })
  const { backend, screen } = await openInApp(ChannelsPage, {
    at: ['channels', { id: main.id }],
    prepare: (fake: FakeBackend) => {
      fake.answer('channels.list', () => ({ channels: [main] }))
      fake.answer('stats.health', () => ({ channels: [sampleHealth(main)] }))
    }
  })
  const priority = screen.getByRole('spinbutton', { name: 'Priority' })
  await screen.getByLabelText('Name', { exact: true }).fill('Renamed')
  await priority.fill('-7')
  await screen.getByRole('button', { name: 'Save' }).click()
  await expect.element(priority).toHaveValue('-7')
  await expect.element(priority).toHaveFocus()
  await expect.element(screen.getByText('Takes a whole number from 0 to 1,000.')).toBeVisible()
  expect(backend.made.filter(({ name }) => name === 'channels.update')).toEqual([])
})

test('a number that can not be taken is an edit that is not saved, and outlives the panel', async () => {
  const main = sampleChannel('Main', { priority: 20 })
  const { app, screen } = await openInApp(ChannelsPage, {
    at: ['channels', { id: main.id }],
    prepare: (fake: FakeBackend) => {
      fake.answer('channels.list', () => ({ channels: [main] }))
      fake.answer('stats.health', () => ({ channels: [sampleHealth(main)] }))
    }
  })
  const priority = screen.getByRole('spinbutton', { name: 'Priority' })
  await expect.element(screen.getByText('All changes are saved')).toBeVisible()
  for (const typed of ['77x', '']) {
    await priority.fill(typed)
    await userEvent.keyboard('{Tab}')
    await expect.element(screen.getByText('One field can’t be taken yet')).toBeVisible()
    expect(app.hasUnsaved).toBe(true)
    await userEvent.keyboard('{Control>}s{/Control}')
    await expect.element(priority).toHaveFocus()
  }
  await screen.getByRole('tab', { name: 'Test' }).click()
  await userEvent.keyboard('{Control>}s{/Control}')
  await expect.element(priority).toHaveFocus()
  await expect.element(priority).toHaveValue('')
  await screen.getByRole('button', { name: 'Discard' }).click()
  await expect.element(priority).toHaveValue('20')
  await expect.element(screen.getByText('All changes are saved')).toBeVisible()
  expect(app.hasUnsaved).toBe(false)
})

test('a test that hangs says how long it took so far and may take, and can be stopped', async () => {
  const { backend, screen } = await openInApp(ChannelsPage, {
    at: ['channels', { id: 'anthropic-main', tab: 'test' }],
    prepare: (fake: FakeBackend) => fake.answer('channels.test', () => new Promise(() => undefined))
  })
  await screen.getByRole('button', { name: 'Test', exact: true }).click()
  await expect.element(screen.getByText(/^\d+ s so far. Each request is given up to 60 s.$/)).toBeVisible()
  await screen.getByRole('button', { name: 'Stop' }).click()
  await expect.element(screen.getByText('The test was stopped.')).toBeVisible()
  expect(backend.made.map(({ name }) => name)).toContain('channels.stopTest')
})

test('a channel that is changed or deleted elsewhere while it is edited says so', async () => {
  let stored = [sampleChannel('Main'), sampleChannel('Spare')]
  const { backend, screen } = await openInApp(ChannelsPage, {
    at: ['channels', { id: 'main' }],
    prepare: (fake: FakeBackend) => {
      fake.answer('channels.list', () => ({ channels: stored }))
      fake.answer('stats.health', () => ({ channels: stored.map((channel) => sampleHealth(channel)) }))
    }
  })
  const url = screen.getByLabelText('Base URL')
  await url.fill('https://mine.example')
  stored = [sampleChannel('Main', { baseUrl: 'https://theirs.example' }), sampleChannel('Spare')]
  backend.emit('channel.changed', { id: null })
  await expect.element(screen.getByText('Changed elsewhere meanwhile: Base URL')).toBeVisible()
  await expect.element(url).toHaveValue('https://mine.example')
  await screen.getByRole('button', { name: 'Load theirs' }).click()
  await expect.element(url).toHaveValue('https://theirs.example')

  stored = [sampleChannel('Spare')]
  backend.emit('channel.changed', { id: null })
  await expect.element(screen.getByText('Main was deleted elsewhere')).toBeVisible()
  await expect.element(screen.getByRole('button', { name: 'Undo' })).not.toBeInTheDocument()
  expect(router.params).toEqual({})
})

test('edits of a channel that is deleted elsewhere meanwhile come back with it, by the undo that its note offers', async () => {
  const main = sampleChannel('Main')
  let stored = [main, sampleChannel('Spare')]
  const { backend, screen } = await openInApp(ChannelsPage, {
    at: ['channels', { id: 'main' }],
    prepare: (fake: FakeBackend) => {
      fake.answer('channels.list', () => ({ channels: stored }))
      fake.answer('stats.health', () => ({ channels: stored.map((channel) => sampleHealth(channel)) }))
      fake.answer('channels.restoreMany', () => ({ channels: [main] }))
    }
  })
  const url = screen.getByLabelText('Base URL')
  await url.fill('https://mine.example')
  stored = [sampleChannel('Spare')]
  backend.emit('channel.changed', { id: null })
  await expect.element(screen.getByText('Your edits come back with it')).toBeVisible()
  await screen.getByRole('button', { name: 'Undo' }).click()
  await expect.element(url).toHaveValue('https://mine.example')
  expect(backend.made).toContainEqual({ name: 'channels.restoreMany', params: { ids: ['main'] } })
})
