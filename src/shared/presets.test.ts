import { expect, test } from 'vitest'
import { protocols } from '../main/protocols/registry'
import { versionedUrl } from '../main/protocols/upstream-url'
import { channelInput } from './channel'
import { presets } from './presets'

test('the first dozen is there, each once', () => {
  const ids = presets.map(({ id }) => id)
  expect(ids).toEqual([...new Set(ids)])
  expect(ids).toHaveLength(12)
  expect(new Set(presets.map(({ initials }) => initials)).size).toBe(presets.length)
})

test.each(presets)('a channel of $name can be saved for each of its endpoints', ({ name, endpoints, models }) => {
  for (const { protocol, baseUrl } of endpoints) {
    expect(channelInput.safeParse({ name, protocol, baseUrl, models }).error, baseUrl).toBeUndefined()
  }
  const choices = endpoints.map(({ protocol, region }) => `${region} ${protocol}`)
  expect(new Set(choices).size).toBe(choices.length)
})

test.each(presets)('whoever needs a key for $name is told where it is made, in each region', (preset) => {
  const regions = new Set(preset.endpoints.map(({ region }) => region))
  const pages = Object.keys(preset.keyPages)
  expect(new Set(pages)).toEqual(preset.keyNeeded ? regions : new Set())
})

test.each(presets)('the endpoints of $name are https, or on this machine', ({ endpoints, keyNeeded }) => {
  for (const { baseUrl } of endpoints) {
    expect(baseUrl).toMatch(keyNeeded ? /^https:\/\// : /^http:\/\/127\.0\.0\.1:/)
  }
})

test('a base URL is one as the vendor’s SDK takes it: its path ends before, or with, the version', () => {
  const listed = presets.flatMap(({ endpoints }) =>
    endpoints.map(({ protocol, baseUrl }) => versionedUrl(baseUrl, protocols[protocol].version, 'models').href)
  )
  expect(listed).toContain('https://api.deepseek.com/anthropic/v1/models')
  expect(listed).toContain('https://open.bigmodel.cn/api/paas/v4/models')
  expect(listed).toContain('https://generativelanguage.googleapis.com/v1beta/openai/models')
  for (const url of listed) expect(url.match(/\/v\d/g), url).toHaveLength(1)
})
