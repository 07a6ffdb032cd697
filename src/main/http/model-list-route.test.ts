import { expect, test } from 'vitest'
import { startStubListener } from '../../../test/support/stub-listener'
import { clientKeyId } from '../../shared/ids'
import { ProxyError } from '../proxy/refusal'
import { createModelListRoute } from './model-list-route'

const key = {
  id: clientKeyId.parse('key_1'),
  name: 'laptop',
  sha256: '',
  allowedChannels: null,
  budget: null,
  managedBy: 'user'
} as const

async function setup() {
  const asked: unknown[] = []
  const handleModels = createModelListRoute({
    serve: async (_request, reply, list) => {
      try {
        reply.send(200, ['content-type', 'application/json'], await list(key))
      } catch (error) {
        if (!(error instanceof ProxyError)) throw error
        reply.send(error.status, [], Buffer.from(error.message))
      }
    },
    list: async (forKey) => {
      asked.push(forKey)
      return ['claude-x', 'vendor/model']
    }
  })
  const { send } = await startStubListener({ routes: { handleModels } })
  return { asked, get: (target: string, headers: Record<string, string> = {}) => send({ target, headers }) }
}

test('the list has the shape that path and headers ask for', async () => {
  const { get, asked } = await setup()
  expect((await get('/v1/models')).json()).toMatchObject({
    object: 'list',
    data: [{ id: 'claude-x' }, { id: 'vendor/model' }]
  })
  expect((await get('/v1/models', { 'anthropic-version': '2023-06-01' })).json()).toMatchObject({
    has_more: false,
    first_id: 'claude-x'
  })
  for (const answer of [await get('/v1beta/models'), await get('/v1/models', { 'x-goog-api-key': 'k' })]) {
    expect(answer.json()).toMatchObject({ models: [{ name: 'models/claude-x' }, { name: 'models/vendor/model' }] })
  }
  expect(asked).toEqual([key, key, key, key])
})

test.each(['/v1/models/claude-x', '/v1/models/vendor/model', '/v1/models/vendor%2Fmodel'])(
  '%s is one model',
  async (target) => {
    const { get } = await setup()
    const answer = await get(target)
    expect([answer.status, answer.json()]).toEqual([
      200,
      expect.objectContaining({ id: target.includes('claude') ? 'claude-x' : 'vendor/model', object: 'model' })
    ])
  }
)

test('a model that no channel has is a 404', async () => {
  const { get } = await setup()
  const answer = await get('/v1/models/none')
  expect([answer.status, answer.text]).toEqual([404, 'No channel that this key may use has the model none'])
  expect((await get('/v1/models/%zz')).status).toBe(404)
})
