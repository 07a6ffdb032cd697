import { expect, test } from 'vitest'
import { proxyOfError, readProxySettings } from './proxy-settings'

test.each([
  ['127.0.0.1:3128', 'http://127.0.0.1:3128'],
  ['proxy.example:3128', 'http://proxy.example:3128'],
  ['user:pass@proxy.example', 'http://user:pass@proxy.example'],
  [' https://proxy.example ', 'https://proxy.example'],
  ['socks5://127.0.0.1:1080', 'socks5://127.0.0.1:1080'],
  ['', '']
])('the proxy %j is taken as %j', (given, url) => {
  expect(readProxySettings({ HTTP_PROXY: given })).toEqual({ httpProxy: url, httpsProxy: '', noProxy: '' })
})

test.each([
  'not a url',
  'http://',
  'ftp://secret@proxy.example',
  'socks5h://secret@127.0.0.1:1',
  'http://a:secret@b:x'
])('the proxy %j is refused by the name of its variable, and not told', (given) => {
  expect(() => readProxySettings({ https_proxy: given })).toThrow(
    expect.objectContaining({ code: 'bad_environment', message: expect.stringMatching(/^https_proxy: /) as string })
  )
  expect(() => readProxySettings({ https_proxy: given })).not.toThrow('secret')
})

test('the lower-case name wins', () => {
  const both = { http_proxy: 'a:1', HTTP_PROXY: 'b:2', no_proxy: 'x', NO_PROXY: 'y' }
  expect(readProxySettings(both)).toEqual({ httpProxy: 'http://a:1', httpsProxy: '', noProxy: 'x' })
})

test('a connection that was not made is known for one to a proxy', () => {
  const proxies = readProxySettings({ HTTP_PROXY: 'http://u:secret@localhost:3128', HTTPS_PROXY: 'proxy.example:8080' })
  const failed = (message: string, more: object) => proxyOfError(proxies, Object.assign(new Error(message), more))
  expect(failed('refused', { address: '127.0.0.1', port: 3128 })).toBe('localhost:3128')
  expect(failed('getaddrinfo ENOTFOUND proxy.example', { hostname: 'proxy.example' })).toBe('proxy.example:8080')
  expect(failed('timeout (attempted address: proxy.example:8080)', {})).toBe('proxy.example:8080')
  expect(failed('refused', { address: '203.0.113.7', port: 3128 })).toBeNull()
  expect(failed('getaddrinfo ENOTFOUND api.example', { hostname: 'api.example' })).toBeNull()
})
