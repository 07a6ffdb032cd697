import { expect, test } from 'vitest'
import { exitCodeOf, explainsItself } from './exit-code'
import { runtimeProblem } from './runtime'
import { startLine, startText } from './start-text'

test.each([
  ['v22.19.0', true],
  ['v24.1.0', true],
  ['v22.18.0', false],
  ['v20.20.0', false]
])('Node %s runs Routex: %s', (version, runs) => {
  const problem = runtimeProblem(version)
  expect(problem === null).toBe(runs)
  if (problem !== null) expect(problem).toContain(`needs Node 22.19 or newer, and this is ${version}`)
})

test.each([
  ['bad_config_file', 2],
  ['keyless_beyond_loopback', 2],
  ['address_unavailable', 2],
  ['data_folder_unusable', 2],
  ['port_taken', 3],
  ['data_folder_owned', 3],
  ['config_damaged', 1],
  ['toString', 1]
])('an error %s at the start ends with %i', (code, exit) => {
  expect(exitCodeOf(Object.assign(new Error(code), { code }))).toBe(exit)
})

test.each([
  ['config_damaged', true],
  ['config_newer', true],
  ['key_file_damaged', true],
  ['key_file_exposed', true],
  ['data_folder_unusable', true],
  ['port_taken', true],
  ['ENOSPC', false],
  ['toString', false]
])('an error %s is told in one line, without its stack: %s', (code, plain) => {
  expect(explainsItself(Object.assign(new Error(code), { code }))).toBe(plain)
  expect(explainsItself(new Error(code))).toBe(false)
})

test('an error without a code ends with 1', () => {
  expect(exitCodeOf(new Error('x'))).toBe(1)
})

const started = {
  version: '0.1.0',
  gateway: 'http://127.0.0.1:8080',
  ui: 'http://127.0.0.1:8080/ui/',
  managementToken: 'token',
  clientKey: 'rtx-key',
  curl: 'curl x'
}

test('the start line is one line of JSON with its fields in order', () => {
  expect(startLine(started)).toBe(
    '{"event":"listening","gateway":"http://127.0.0.1:8080","ui":"http://127.0.0.1:8080/ui/","managementToken":"token","clientKey":"rtx-key"}\n'
  )
})

test('the start text holds the gateway, the page with its token, the key, and what to try', () => {
  const text = startText(started)
  expect(text).toContain('Gateway      http://127.0.0.1:8080\n')
  expect(text).toContain('UI           http://127.0.0.1:8080/ui/#token=token\n')
  expect(text).toContain('\n  curl x\n')
  const bare = startText({ ...started, ui: null, curl: null })
  expect(bare).not.toContain('/ui/')
  expect(bare).toContain('Add a channel')
})
