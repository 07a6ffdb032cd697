import { describe, expect, test } from 'vitest'
import { mapModel } from '../main/protocols/model-name'
import { protocols } from '../main/protocols/registry'
import { versionedUrl } from '../main/protocols/upstream-url'
import { channelInput } from './channel'
import { isLoopbackHost } from './loopback'
import { filledIn, hasOpenField } from './preset-fields'
import { presets, type Preset, type PresetEndpoint } from './presets'

const examplesOf = ({ fields }: Preset) => Object.fromEntries(fields.map(({ name, example }) => [name, example]))
const addressOf = (preset: Preset, { baseUrl }: PresetEndpoint): string =>
  filledIn(baseUrl, preset.fields, examplesOf(preset))
const all = presets.flatMap((preset) => preset.endpoints.map((endpoint) => ({ preset, endpoint })))
const titled = all.map(({ preset, endpoint }) => ({
  title: `${preset.id}, ${endpoint.protocol}, ${endpoint.region}`,
  preset,
  endpoint
}))

test('at least 34 vendors are there, each once', () => {
  const ids = presets.map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)])
  expect(ids.length).toBeGreaterThanOrEqual(34)
  expect(new Set(presets.map(({ name }) => name)).size).toBe(presets.length)
  expect(new Set(presets.map(({ initials }) => initials)).size).toBe(presets.length)
})

test('the twelve that are shown first are those that most people ask for', () => {
  expect(presets.slice(0, 12).map(({ id }) => id)).toEqual([
    ...['anthropic', 'openai', 'gemini', 'openrouter', 'deepseek', 'moonshot'],
    ...['zai', 'qwen', 'mistral', 'xai', 'ollama', 'lm-studio']
  ])
})

test('the vendors whose quirks translation has to know are there', () => {
  const named = [
    ...['deepseek', 'moonshot', 'zai', 'qwen', 'minimax', 'mistral', 'xai', 'openrouter', 'groq', 'siliconflow'],
    ...['ollama', 'lm-studio', 'vllm', 'azure', 'vertex', 'bedrock']
  ]
  expect(presets.map(({ id }) => id)).toEqual(expect.arrayContaining(named))
})

describe.each(titled)('$title', ({ preset, endpoint }) => {
  const baseUrl = addressOf(preset, endpoint)
  const modelMap = endpoint.modelMap ?? preset.modelMap

  test('can be saved as a channel once its fields are filled in', () => {
    const { protocol, quirks } = endpoint
    const { name, models } = preset
    expect(hasOpenField(baseUrl)).toBe(false)
    expect(channelInput.safeParse({ name, protocol, baseUrl, models, quirks, modelMap }).error).toBeUndefined()
  })

  test('is https with a key, or on this machine without', () => {
    expect(baseUrl).toMatch(preset.keyNeeded ? /^https:\/\// : /^http:\/\/127\.0\.0\.1:/)
    expect(isLoopbackHost(new URL(baseUrl).hostname)).toBe(!preset.keyNeeded)
  })

  test('maps Claude’s sizes and globs to names that it has, and every size where it maps one', () => {
    for (const [key, sent] of Object.entries(modelMap)) {
      expect(key).toMatch(/^(?:haiku|sonnet|opus)$|\*/)
      // Resellers have more of Claude's models than they begin with.
      if (sent.includes('*') || sent.startsWith('anthropic/')) continue
      expect(endpoint.models ?? preset.models).toContain(sent)
    }
    if (!Object.hasOwn(modelMap, 'haiku')) return
    for (const size of ['haiku', 'sonnet', 'opus']) {
      expect(mapModel(modelMap, `claude-${size}-9`), size).not.toBe(`claude-${size}-9`)
    }
  })

  test('has only members in its quirks that its protocol’s channels heed', () => {
    const ofChat = [
      ...['maxTokensField', 'systemRole', 'systemOnlyFirst', 'noUserAfterTool', 'shortCallIds', 'dropsStreamOptions'],
      ...['dropsPrefill', 'takesCacheControl', 'takesEffortNone', 'effortNoneModels', 'mostTokensUnstreamed'],
      ...['reasoningField', 'dropsReasoning']
    ]
    if (endpoint.protocol === 'openai-chat') return
    expect(Object.keys(endpoint.quirks).filter((name) => ofChat.includes(name))).toEqual([])
  })
})

describe.each(presets)('$name', (preset) => {
  test('offers each protocol once in a region, and asks for what its addresses need', () => {
    const choices = preset.endpoints.map(({ protocol, region }) => `${region} ${protocol}`)
    expect(new Set(choices).size).toBe(choices.length)
    const places = preset.endpoints.flatMap(({ baseUrl }) => baseUrl.match(/\{[a-z]+\}/g) ?? [])
    expect(new Set(places)).toEqual(new Set(preset.fields.map(({ name }) => `{${name}}`)))
  })

  test('says where a key is made, in each region', () => {
    const regions = new Set(preset.endpoints.map(({ region }) => region))
    expect(new Set(Object.keys(preset.keyPages))).toEqual(preset.keyNeeded ? regions : new Set())
  })

  test('says its words in both languages, and not the same', () => {
    const words = [...preset.fields.map(({ label }) => label), ...(preset.hint ? [preset.hint] : [])]
    for (const said of words) {
      expect(said['zh-CN']).toMatch(/\p{Script=Han}/u)
      expect(said.en).not.toMatch(/\p{Script=Han}/u)
    }
  })
})

test('Claude Code finds a model of every vendor whose models are not Claude', () => {
  const withClaude = ['anthropic', 'vertex', 'aihubmix', 'ai-302']
  const anyName = ['llama-cpp', 'litellm']
  const unmapped = all
    .filter(({ preset, endpoint }) => Object.keys(endpoint.modelMap ?? preset.modelMap).length === 0)
    .map(({ preset, endpoint }) => (endpoint.modelMap ? `${preset.id} ${endpoint.protocol}` : preset.id))
  expect(new Set(unmapped)).toEqual(
    new Set([...withClaude.filter((id) => id !== 'vertex'), ...anyName, 'azure anthropic'])
  )
})

test('a base URL is one as the vendor’s SDK takes it: its path ends before, or with, the version', () => {
  const listed = all
    .filter(({ endpoint }) => endpoint.quirks.path === undefined)
    .map(({ preset, endpoint }) => {
      const { version } = protocols[endpoint.protocol]
      return versionedUrl(addressOf(preset, endpoint), version, 'models').href
    })
  expect(listed).toContain('https://api.deepseek.com/anthropic/v1/models')
  expect(listed).toContain('https://open.bigmodel.cn/api/paas/v4/models')
  expect(listed).toContain('https://generativelanguage.googleapis.com/v1beta/openai/models')
  expect(listed).toContain('https://api.novita.ai/openai/v1/models')
  expect(listed).toContain('https://my-resource.openai.azure.com/openai/v1/models')
  // Cloudflare's own API has a version before that of the protocol.
  const paths = listed.map((url) => url.replace('/client/v4/', '/'))
  for (const url of paths) expect(url.match(/\/v\d/g), url).toHaveLength(1)
})

test('a list of models is looked for at a place of its own, or its protocol’s, or nowhere', () => {
  const own = all.flatMap(({ preset, endpoint }) =>
    endpoint.quirks.modelsPath === undefined ? [] : [[preset.id, endpoint.protocol, endpoint.quirks.modelsPath]]
  )
  expect(own).toContainEqual(['deepseek', 'anthropic', '/models'])
  expect(own).toContainEqual(['azure', 'openai-chat', null])
  expect(own).toContainEqual(['vertex', 'anthropic', null])
  expect(own).toContainEqual(['github-models', 'openai-chat', '/catalog/models'])
})
