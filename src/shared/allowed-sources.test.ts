import { expect, test } from 'vitest'
import { allowedHost, allowedOrigin } from './allowed-sources'
import { settingsPatch } from './settings'
import { problemsOf } from './validation'

test.each([
  'gateway.lan',
  'GATEWAY.Lan',
  'gateway.lan.',
  'my-server',
  'my_service',
  'xn--bcher-kva.example',
  '192.168.1.5',
  '::1',
  '2001:db8::1',
  '2001:DB8:0:0::1',
  '[2001:db8::1]',
  '::ffff:10.0.0.5'
])('the host %s can be listed', (text) => {
  expect(allowedHost.safeParse(text).success).toBe(true)
})

test.each([
  '',
  'gateway.lan:8080',
  '192.168.1.5:8080',
  '[2001:db8::1]:8080',
  'http://gateway.lan',
  'gateway.lan/ui',
  'gateway lan',
  ' gateway.lan',
  'user@gateway.lan',
  '*.lan',
  '*',
  'fe80::1%eth0',
  '[gateway.lan]',
  '[::1',
  '999.1.1.1',
  'bücher.example'
])('the host %j would never match, and is refused', (text) => {
  expect(allowedHost.safeParse(text).error?.issues[0]?.message).toMatch(
    /^must be a host name or an IP address .*without/
  )
})

test.each([
  'https://app.example',
  'HTTPS://App.Example',
  'https://app.example/',
  'https://app.example:443',
  'http://192.168.1.5:3000',
  'http://[2001:DB8::1]:3000',
  'https://bücher.example',
  'chrome-extension://abcdefghijklmnop',
  'vscode-webview://1abc',
  'app://bundle'
])('the origin %s can be listed', (text) => {
  expect(allowedOrigin.safeParse(text).success).toBe(true)
})

test.each([
  '',
  'app.example',
  'app.example:3000',
  'https://',
  'https:app.example',
  'https://app.example/page',
  'https://app.example//',
  'https://app.example?x=1',
  'https://app.example#x',
  'https://user@app.example',
  'https://app.example:port',
  'https://app.example:99999',
  'https://app example',
  ' https://app.example',
  'https://*.example',
  '*',
  'null'
])('the origin %j would never match, and is refused', (text) => {
  expect(allowedOrigin.safeParse(text).error?.issues[0]?.message).toMatch(/^must be a web origin .*without/)
})

test('the problem names the entry, and does not repeat it', () => {
  const given = { allowedHosts: ['gateway.lan', 'other.lan:80'], allowedOrigins: ['app.example'] }
  const { error } = settingsPatch.safeParse(given)
  if (error === undefined) throw new Error('it was taken')
  const problems = problemsOf(settingsPatch, error, given)
  expect(problems.map(({ path }) => path)).toEqual(['allowedHosts[1]', 'allowedOrigins[0]'])
  expect(JSON.stringify(problems)).not.toContain('other.lan')
})
