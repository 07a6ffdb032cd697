import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { nextFreePort } from './free-port'

async function occupy(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

test('B42 the next free port is one that can be listened on, above the one that is taken', async () => {
  const taken = await occupy(0)
  const free = await nextFreePort('127.0.0.1', taken)
  expect(free).toBeGreaterThan(taken)
  expect(await occupy(free ?? 0)).toBe(free)
})

test('B42 past the last port the system chooses', async () => {
  expect(await nextFreePort('127.0.0.1', 65_535)).toBeGreaterThan(1023)
})

test('B42 on a host that is not ours there is none', async () => {
  expect(await nextFreePort('203.0.113.9', 65_535)).toBeNull()
})
