import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { renderModel, renderModelList, type ModelListShape } from './model-list'

const NAMES = ['claude-x', 'vendor/gpt-x']

const answering =
  (shape: ModelListShape) =>
  async (input: string | URL | Request): Promise<Response> => {
    const { pathname } = new URL(input instanceof Request ? input.url : input)
    const name = decodeURIComponent(pathname.replace(/^\/v1(?:beta)?\/models\/?/, ''))
    const body = name === '' ? renderModelList(shape, NAMES) : renderModel(shape, name)
    return new Response(body, { headers: { 'content-type': 'application/json' } })
  }

describe('a list of models', () => {
  test('is read by the Anthropic SDK', async () => {
    const client = new Anthropic({ apiKey: 'k', fetch: answering('anthropic') })
    const ids: string[] = []
    for await (const { id } of client.models.list()) ids.push(id)
    expect(ids).toEqual(NAMES)
    expect(await client.models.retrieve('claude-x')).toMatchObject({ id: 'claude-x', type: 'model' })
  })

  test('is read by the OpenAI SDK', async () => {
    const client = new OpenAI({ apiKey: 'k', fetch: answering('openai') })
    const ids: string[] = []
    for await (const { id } of client.models.list()) ids.push(id)
    expect(ids).toEqual(NAMES)
    expect(await client.models.retrieve('vendor/gpt-x')).toMatchObject({ id: 'vendor/gpt-x', object: 'model' })
  })

  test('is read by the Gemini SDK', async () => {
    vi.stubGlobal('fetch', answering('gemini'))
    onTestFinished(() => void vi.unstubAllGlobals())
    const { models } = new GoogleGenAI({ apiKey: 'k' })
    const names: string[] = []
    for await (const { name } of await models.list()) names.push(name ?? '')
    expect(names).toEqual(['models/claude-x', 'models/vendor/gpt-x'])
    expect(await models.get({ model: 'claude-x' })).toMatchObject({ name: 'models/claude-x' })
  })

  test('may be empty', () => {
    expect(JSON.parse(renderModelList('anthropic', []).toString())).toEqual({
      data: [],
      has_more: false,
      first_id: null,
      last_id: null
    })
    expect(JSON.parse(renderModelList('gemini', ['tunedModels/t']).toString())).toMatchObject({
      models: [{ name: 'tunedModels/t' }]
    })
  })
})
