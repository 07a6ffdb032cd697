import { expect, test } from 'vitest'
import { readLaunchOptions } from './launch-options'

test('without arguments it opens a window, with the settings as they are', () => {
  expect(readLaunchOptions(['.'])).toEqual({ hidden: false, configPath: null, dataDir: null, overrides: {} })
})

test('its own arguments are taken', () => {
  const args = ['.', '--hidden', '--config', 'routex.json', '--data-dir=/tmp/data', '--host', '::1', '--port', '0']
  expect(readLaunchOptions(args)).toEqual({
    hidden: true,
    configPath: 'routex.json',
    dataDir: '/tmp/data',
    overrides: { host: '::1', port: 0 }
  })
})

test("Chromium's arguments are passed over", () => {
  const args = ['--enable-logging', '--lang=zh-CN', '.', '--remote-debugging-port=0']
  expect(readLaunchOptions(args)).toEqual({ hidden: false, configPath: null, dataDir: null, overrides: {} })
})

test.each(['70000', 'http', '-1', '80.5'])('a port that is none is refused: %s', (port) => {
  expect(() => readLaunchOptions([`--port=${port}`])).toThrow('must be a number from 0 to 65535')
})
