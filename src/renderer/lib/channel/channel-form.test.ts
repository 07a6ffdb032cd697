import { expect, test } from 'vitest'
import { ApiFailure } from '../backend'
import { pair } from './channel-draft'
import { FakeBackend } from '../../../../test/e2e/support/fake-backend'
import { sampleChannel } from '../../../../test/e2e/support/sample-data'
import { ChannelForm } from './channel-form.svelte'

const channel = sampleChannel('Main', { headers: { 'x-team': '****' }, timeouts: { idleMs: 5000 } })

function setup() {
  const backend = new FakeBackend()
  backend.answer('channels.update', ({ change }) => sampleChannel('Main', change))
  return { backend, form: new ChannelForm(backend, channel) }
}

test('only what was changed is saved', async () => {
  const { backend, form } = setup()
  expect(form.dirty).toBe(false)
  form.draft.weight = 3
  form.draft.headers.push(pair('x-region', 'eu'), pair())
  form.draft.timeouts.idleMs = null
  expect(form.dirty).toBe(true)
  expect(await form.save()).toBe(true)
  expect(backend.made.at(-1)).toEqual({
    name: 'channels.update',
    params: { id: 'main', change: { weight: 3, headers: { 'x-team': '****', 'x-region': 'eu' }, timeouts: {} } }
  })
  expect(form.dirty).toBe(false)
})

test('a new key is saved once and never kept in the form; removing it sends null', async () => {
  const { backend, form } = setup()
  form.draft.apiKey = ' sk-new '
  await form.save()
  expect(backend.made.at(-1)?.params).toEqual({ id: 'main', change: { apiKey: 'sk-new' } })
  expect(form.draft.apiKey).toBe('')
  form.draft.removesKey = true
  await form.save()
  expect(backend.made.at(-1)?.params).toEqual({ id: 'main', change: { apiKey: null } })
})

test('what is seen to be wrong is not sent, and stands at its field', async () => {
  const { backend, form } = setup()
  form.draft.baseUrl = 'api.example.test'
  form.draft.name = ' '
  expect(await form.save()).toBe(false)
  expect([...form.errors.keys()]).toEqual(['name', 'baseUrl'])
  expect(backend.made).toEqual([])
})

test('what the API refuses stands at its field, what fits none at the form', async () => {
  const { backend, form } = setup()
  const refuse = (failure: ApiFailure) =>
    backend.answer('channels.update', () => {
      throw failure
    })
  const problems = [
    { path: 'change.baseUrl', message: 'must not be the address of Routex itself' },
    { path: 'change.headers["x y"]', message: 'must be an HTTP header name' }
  ]
  refuse(new ApiFailure('bad_arguments', 'bad', { details: { problems } }))
  form.draft.weight = 2
  await form.save()
  expect(Object.fromEntries(form.errors)).toEqual({
    baseUrl: 'Must not be the address of Routex itself',
    headers: 'Must be an HTTP header name'
  })
  refuse(new ApiFailure('name_taken', 'There is a channel of that name'))
  await form.save()
  expect([...form.errors.keys()]).toEqual(['name'])
  refuse(new ApiFailure('unreachable', 'Routex does not answer. See whether it still runs.'))
  await form.save()
  expect(form.errors.get('')).toBe('Routex does not answer. See whether it still runs.')
})

test('a stored key is not taken to another server: it is asked for again', async () => {
  const { backend, form } = setup()
  form.draft.baseUrl = 'https://api.example.test/v2'
  expect(form.errors.size).toBe(0)
  form.draft.baseUrl = 'https://elsewhere.test'
  expect([...form.errors.keys()]).toEqual(['apiKey'])
  expect(await form.save()).toBe(false)
  form.draft.apiKey = 'sk-new'
  expect(await form.save()).toBe(true)
  expect(backend.made).toHaveLength(1)
})

test('a field that is edited here and changed elsewhere is told, until theirs is loaded or mine is kept', () => {
  const { form } = setup()
  form.draft.weight = 3
  form.take({ ...channel, name: 'Renamed' })
  expect(form.changedElsewhere).toEqual([])
  form.take({ ...channel, name: 'Renamed', weight: 3 })
  expect(form.changedElsewhere).toEqual([])
  form.draft.weight = 4
  form.take({ ...channel, name: 'Renamed', weight: 9 })
  expect(form.changedElsewhere).toEqual(['weight'])
  expect(form.draft.weight).toBe(4)
  form.keepMine()
  expect(form.changedElsewhere).toEqual([])
  expect(form.dirty).toBe(true)
  form.take({ ...channel, name: 'Renamed', weight: 8 })
  expect(form.changedElsewhere).toEqual(['weight'])
  form.discard()
  expect([form.changedElsewhere, form.draft.weight, form.dirty]).toEqual([[], 8, false])
})

test('a change that is made elsewhere enters the form, but for the fields that are being edited', () => {
  const { form } = setup()
  form.draft.name = 'My name'
  form.draft.apiKey = 'sk-typed'
  form.take(sampleChannel('Main', { name: 'Their name', weight: 7 }))
  expect(form.draft).toMatchObject({ name: 'My name', weight: 7, apiKey: 'sk-typed' })
  form.discard()
  expect(form.draft).toMatchObject({ name: 'Their name', weight: 7, apiKey: '' })
})

test('a test tries what is saved, or what stands in the form', () => {
  const { form } = setup()
  expect(form.tried(null)).toEqual({ kind: 'saved', params: { id: 'main' } })
  form.draft.baseUrl = 'https://other.test'
  expect(form.tried('m')).toMatchObject({
    kind: 'unsaved',
    params: { id: 'main', model: 'm', channel: { baseUrl: 'https://other.test' } }
  })
})
