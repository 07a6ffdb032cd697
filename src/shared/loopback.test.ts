import { expect, test } from 'vitest'
import { bindConflict, isLoopbackHost } from './loopback'

test.each([
  'localhost',
  'LocalHost',
  'localhost.',
  'app.localhost',
  '127.0.0.1',
  '127.8.8.8',
  '::1',
  '[::1]',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '[::ffff:7f08:0808]'
])('%s means this machine', (host) => {
  expect(isLoopbackHost(host)).toBe(true)
})

test.each([
  '0.0.0.0',
  '::',
  '::ffff:7f0:1',
  '::ffff:c0a8:105',
  '192.168.1.5',
  'localhost.example',
  '127.0.0.1.example',
  'example',
  ''
])('%s may mean another machine', (host) => {
  expect(isLoopbackHost(host)).toBe(false)
})

test('keyless requests and an address that others can reach exclude each other', () => {
  expect(bindConflict({ host: '0.0.0.0', keyRequired: false })).toContain('must be true while host is 0.0.0.0')
  expect(bindConflict({ host: '0.0.0.0', keyRequired: true })).toBeNull()
  expect(bindConflict({ host: '::1', keyRequired: false })).toBeNull()
})
