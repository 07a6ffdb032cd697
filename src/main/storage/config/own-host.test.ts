import { hostname, networkInterfaces } from 'node:os'
import { expect, test } from 'vitest'
import { isOwnHost } from './own-host'

test('every address and the name of this machine are its own', () => {
  const own = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? [])
  for (const host of [...own, '0.0.0.0', '::', '127.0.0.1', '127.0.0.2', '::1', 'localhost', 'LOCALHOST', hostname()]) {
    expect(isOwnHost(host), host).toBe(true)
  }
})

test.each(['192.0.2.1', '2001:db8::1', 'gateway.example', 'localhost.example'])('%s is not', (host) => {
  expect(isOwnHost(host)).toBe(false)
})
