import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { API_ERROR_STATUS } from '../../main/api/api-error'
import { STORAGE_ERROR_STATUS } from '../../main/storage/errors'
import { FILE_PROBLEMS } from '../../shared/clients'
import { PHRASES, phraseSchema } from '../../shared/phrase'
import { RULES } from '../../shared/rules'
import { ApiFailure } from './backend'
import { FAILURE_WORDS, failureText } from './failure-text'
import { i18n } from './i18n.svelte'
import { phraseText } from './phrase-text'
import { problemText } from './problem-text'

beforeEach(() => {
  i18n.choose('zh-CN')
  onTestFinished(() => i18n.choose('en'))
})

const english = /[a-z]{4,} [a-z]{3,}/i
const say = (code: string, message = 'some english words', details?: unknown) =>
  failureText(new ApiFailure(code, message, { details }))

/** Told at the start, on the command line, or by their problems. */
const elsewhere = new Set([
  ...['runtime_too_old', 'config_damaged', 'config_newer', 'logs_damaged', 'logs_newer', 'data_folder_owned'],
  ...['data_folder_unusable', 'key_file_damaged', 'key_file_exposed'],
  ...['bad_arguments', 'credential_needed', 'method_not_allowed', 'conflict']
])

test('every code that a page can be answered with has words of the page’s own', () => {
  const codes = [...Object.keys(API_ERROR_STATUS), ...Object.keys(STORAGE_ERROR_STATUS)]
  expect(codes.filter((code) => !elsewhere.has(code) && !(code in FAILURE_WORDS))).toEqual([])
})

test.each([
  ['managed_by_config_file', {}, '由配置文件设定，请在配置文件中修改。'],
  ['name_taken', { other: 'Main' }, '名称与“Main”过于相近，请换一个。'],
  ['port_taken', { port: 8080, host: '127.0.0.1', owner: 'nginx (pid 812)' }, /端口 8080 已被 nginx \(pid 812\) 占用/],
  ['port_taken', { port: 8080, host: '127.0.0.1', owner: null }, /端口 8080 已被占用/],
  ['channel_unfit', { channel: '主账号', reason: 'disabled' }, '主账号 已停用。']
])('%s %j', (code, details, words) => {
  expect(say(code, 'some english words', details)).toMatch(words)
})

test('what is wrong with a file of a client is told with its path', () => {
  for (const code of FILE_PROBLEMS) expect(say(code, 'some english words', { path: '/p' }), code).toMatch(/^[^a-z]*\/p/)
  expect(say('unreadable')).toMatch(/无法识别 Routex 的应答/)
})

test('what the page has no words for is told in the API’s own', () => {
  expect(say('something_new')).toBe('some english words')
  expect(say('name_taken')).toBe('some english words')
  expect(say('internal', 'disk I/O error')).toBe('disk I/O error')
  expect(say('internal', 'It failed inside Routex; its log says why')).toBe('Routex 内部出错，详情见其日志。')
})

test('each problem of a refused call is told with its place, by its rule', () => {
  const problems = [
    {
      path: 'change.priority',
      message: 'must be a whole number from 0 to 1000',
      rule: { kind: 'whole_number', min: 0, max: 1000 }
    },
    { path: '', message: 'is odd' }
  ]
  expect(say('bad_arguments', 'x', { problems })).toBe('change.priority: 取值范围为 0 到 1000。 Is odd')
})

test('every phrase of the main process has words, and one that is not known is told in English', () => {
  for (const [code, names] of Object.entries(PHRASES)) {
    const { data } = phraseSchema.safeParse({ code, values: Object.fromEntries(names.map((name) => [name, '值'])) })
    const text = phraseText(data, 'some english words')
    expect(text.replaceAll(/Claude Code|Gemini CLI|CREATE TABLE/g, ''), code).not.toMatch(english)
    expect(text, code).not.toMatch(/[{}]|undefined/)
  }
  expect(phraseText(undefined, 'some english words')).toBe('some english words')
})

test('why an upstream lists no models is told by its phrase', () => {
  const details = { phrase: { code: 'models_status', values: { code: '404' } } }
  expect(say('no_model_list', 'some english words', details)).toBe('上游没有返回模型列表（上游返回状态 404）。')
})

test('every rule of our own has words', () => {
  for (const [code, message] of Object.entries(RULES)) {
    const text = problemText({ path: '', message, rule: { kind: 'own', code } })
    expect(text, code).not.toMatch(english)
  }
})
