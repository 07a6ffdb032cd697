import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { settings as settingsSchema } from '../../../shared/settings'
import { i18n } from '../i18n.svelte'
import { theme } from '../theme.svelte'
import { SettingsState } from './settings.svelte'

beforeEach(() => {
  localStorage.clear()
  i18n.choose('system')
  theme.choose('system')
})

async function loaded() {
  const backend = new FakeBackend()
  const state = new SettingsState(backend)
  await state.load()
  return { backend, state }
}

test('a change is shown before it is answered, and leaves its neighbours alone', async () => {
  const { backend, state } = await loaded()
  let answer = (): void => undefined
  const before = state.current
  backend.answer(
    'settings.update',
    () =>
      new Promise((resolve) => {
        answer = () =>
          resolve({ settings: { ...before, retention: { days: 7, maxMiB: 2048 } }, managed: [], restartNeeded: false })
      })
  )
  const done = state.update({ retention: { days: 7 } })
  expect(state.current?.retention).toEqual({ days: 7, maxMiB: 2048 })
  expect(state.current?.port).toBe(8080)
  answer()
  expect(await done).toBeNull()
})

test('a change that fails is taken back, and says why', async () => {
  const { backend, state } = await loaded()
  backend.fail('settings.update', 'managed_by_config_file', 'the config file manages port')
  const failure = await state.update({ port: 9090, appearance: { theme: 'dark' } })
  expect(failure?.message).toBe('the config file manages port')
  expect(state.current?.port).toBe(8080)
  expect(document.documentElement.dataset['theme']).toBeUndefined()
})

test('language and theme of the settings are the page’s, and are remembered for the next first paint', async () => {
  const { backend, state } = await loaded()
  const stop = state.listen()
  const { settings } = await backend.call('settings.get', {})
  backend.emit('settings.changed', {
    settings: { ...settings, appearance: { theme: 'dark', language: 'zh-CN' } },
    managed: ['port']
  })
  expect(i18n.locale).toBe('zh-CN')
  expect(document.documentElement.dataset['theme']).toBe('dark')
  expect(localStorage.getItem('routex.theme')).toBe('dark')
  expect(state.managed.has('port')).toBe(true)
  stop()
})

test('what was set elsewhere while an answer was on its way stays, and so does a change that is under way', async () => {
  const { backend, state } = await loaded()
  onTestFinished(state.listen())
  const before = settingsSchema.parse(state.current)
  const answers = { get: Promise.withResolvers<unknown>(), update: Promise.withResolvers<unknown>() }
  backend.answer('settings.get', () => answers.get.promise)
  backend.answer('settings.update', () => answers.update.promise)
  const done = Promise.all([state.load(), state.update({ bodyLimitMiB: 8 })])
  backend.emit('settings.changed', { settings: { ...before, strategy: 'weighted' }, managed: [] })
  expect(state.current).toMatchObject({ strategy: 'weighted', bodyLimitMiB: 8 })
  backend.emit('settings.changed', { settings: { ...before, strategy: 'weighted', bodyLimitMiB: 16 }, managed: [] })
  answers.get.resolve({ settings: before, managed: [] })
  answers.update.resolve({ settings: { ...before, bodyLimitMiB: 8 }, managed: [], restartNeeded: false })
  await done
  expect(state.current).toMatchObject({ strategy: 'weighted', bodyLimitMiB: 16 })
})

test('a change that fails takes back nothing but itself', async () => {
  const { backend, state } = await loaded()
  onTestFinished(state.listen())
  const before = settingsSchema.parse(state.current)
  const answer = Promise.withResolvers<unknown>()
  backend.answer('settings.update', () => answer.promise)
  const done = state.update({ bodyLimitMiB: 8 })
  backend.emit('settings.changed', { settings: { ...before, strategy: 'weighted' }, managed: [] })
  answer.reject(new Error('refused'))
  expect(await done).not.toBeNull()
  expect(state.current).toMatchObject({ strategy: 'weighted', bodyLimitMiB: before.bodyLimitMiB })
})
