import { expect, onTestFinished, test } from 'vitest'
import { sampleRequest } from '../../../test/e2e/support/sample-data'
import { i18n } from './i18n.svelte'
import { codeText, errorText } from './request-error-text'

const told = 'No channel can serve the model gpt-x: main (does not list this model).'
const excluded = (...reasons: readonly string[]) =>
  reasons.map((reason, index) => ({ channelId: `c${index}`, channelName: `Channel ${index}`, reason }))
const refused = (errorCode: string, change: object = {}) =>
  sampleRequest('r', { status: 404, outcome: 'refused', errorCode, errorMessage: told, model: 'gpt-x', ...change })

function inChinese(): void {
  i18n.choose('zh-CN')
  onTestFinished(() => i18n.choose('system'))
}

test('Routex refuses in the page’s language, with the reason that all channels share', () => {
  const row = refused('no_candidate', { excluded: excluded('model', 'model') })
  expect(errorText(row)).toBe('No channel can serve gpt-x (does not list this model)')
  inChinese()
  expect(errorText(row)).toBe('没有渠道可以提供 gpt-x（不支持该模型）')
  expect(errorText(refused('no_candidate', { excluded: excluded('model', 'disabled') }))).toBe('没有渠道可以提供 gpt-x')
  expect(errorText(refused('paused'))).toBe('Routex 已暂停或关闭')
})

test('that no upstream answered is said with what became of the last try', () => {
  const attempt = { channelId: 'c', channelName: 'main', model: null, startedMs: 0, firstByteMs: null, endedMs: 1 }
  const row = sampleRequest('r', {
    outcome: 'upstream_error',
    errorCode: 'upstream_failed',
    errorMessage: 'No upstream answered (the one channel tried); the last said: ECONNREFUSED',
    attempts: [{ ...attempt, status: null, verdict: 'connect', message: 'ECONNREFUSED' }]
  })
  expect(errorText(row)).toBe('No upstream answered (no connection)')
})

test('what an upstream said stays as it came, also when it was busy', () => {
  const busy = sampleRequest('r', { outcome: 'upstream_error', errorCode: 'busy', errorMessage: 'Overloaded' })
  inChinese()
  expect(errorText(busy)).toBe('Overloaded')
  expect(codeText(busy)).toBe('过载')
  expect(errorText(refused('busy', { excluded: excluded('cooling: Overloaded') }))).toBe(
    '所有渠道都在冷却或熔断中（冷却中）'
  )
})

test('a code without a message is a word, and a request that went well has none', () => {
  inChinese()
  expect(errorText(sampleRequest('r', { outcome: 'cancelled', errorCode: 'cancelled' }))).toBe('已取消')
  expect(errorText(sampleRequest('r', { outcome: 'upstream_error', errorCode: 'busy', errorMessage: '' }))).toBe('过载')
  expect(errorText(sampleRequest('r'))).toBeNull()
  expect(codeText(sampleRequest('r'))).toBeNull()
})
