import { expect, test } from 'vitest'
import { host } from './host'

test.each([
  '127.0.0.1',
  '0.0.0.0',
  '::',
  '::1',
  'fe80::1%eth0',
  '::ffff:10.0.0.5',
  'localhost',
  'gateway.lan',
  'my-server',
  'a_b'
])('%s can be listened on', (text) => {
  expect(host.safeParse(text).success).toBe(true)
})

test.each([
  '',
  ' ',
  'not a host',
  '127.0.0.1:8080',
  '[::1]',
  'http://localhost',
  'localhost/',
  '999.1.1.1',
  '127.0.0',
  '-a',
  'a..b',
  'x'.repeat(64),
  'näme'
])('%j can not be listened on', (text) => {
  expect(host.safeParse(text).error?.issues[0]?.message).toBe(
    'must be an IP address or a host name of this machine, without port or brackets'
  )
})
