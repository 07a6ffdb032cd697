import { expect, test } from 'vitest'
import { isPrivateHost } from './addresses'

test.each([
  '127.0.0.1',
  'localhost',
  '[::1]',
  '10.1.2.3',
  '172.31.255.1',
  '192.168.1.10',
  '169.254.1.1',
  '[fd00::1]',
  'nas',
  'box.local',
  '::ffff:10.0.0.1'
])('%s means something in the user’s own network only', (host) => expect(isPrivateHost(host)).toBe(true))

test.each(['api.anthropic.com', '8.8.8.8', '172.32.0.1', '[2606:4700::1111]', 'localhost.example.com', '11.0.0.1'])(
  '%s is a host of the world',
  (host) => expect(isPrivateHost(host)).toBe(false)
)

test('an answer is the same when it is asked for again', () => {
  expect([isPrivateHost('10.9.8.7'), isPrivateHost('10.9.8.7')]).toEqual([true, true])
})
