import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { closedLoop } from './closed-loop.ts'
import type { Work } from './load.ts'
import { openLoop } from './open-loop.ts'

const BODY = Buffer.from('{}')
const ANSWER = 'ok'

async function serve(listener: RequestListener): Promise<Work> {
  const server = createServer(listener)
  server.listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, clientKey: 'none', body: BODY, expected: { bodyBytes: ANSWER.length } }
}

describe('the load generator', () => {
  it('counts a stall in full against every request that was due during it', async () => {
    const held: (() => void)[] = []
    const work = await serve((_, response) => {
      held.push(() => response.end(ANSWER))
      // A server that is stalled until ten have come: 90 ms at this rate.
      if (held.length >= 10) for (const answer of held.splice(0)) answer()
    })
    const { latencies, failures } = await openLoop(work, { ratePerSecond: 100, seconds: 0.1 })
    expect(failures).toEqual([])
    expect(latencies).toHaveLength(10)
    expect(Math.max(...latencies)).toBeGreaterThan(85)
    const sorted = latencies.toSorted((a, b) => a - b)
    expect(sorted[5]).toBeGreaterThan(35)
  })

  it('sends exactly as many requests as it was asked to', async () => {
    let received = 0
    const work = await serve((_, response) => {
      received += 1
      response.end(ANSWER)
    })
    const { done, failures } = await closedLoop(work, { connections: 3, until: { requests: 20 } })
    expect({ done, received, failures }).toEqual({ done: 20, received: 20, failures: [] })
  })

  it('counts an answer of the wrong length or status as failed', async () => {
    let answered = 0
    const work = await serve((_, response) => {
      answered += 1
      if (answered === 1) response.end('longer')
      else if (answered === 2) response.writeHead(503).end(ANSWER)
      else response.end(ANSWER)
    })
    const { done, failures } = await closedLoop(work, { connections: 1, until: { requests: 4 } })
    expect(done).toBe(2)
    expect(failures).toEqual(['6 bytes of body instead of 2', 'status 503'])
  })

  it('counts a connection that is cut as failed, and goes on with a new one', async () => {
    let received = 0
    const work = await serve((request, response) => {
      received += 1
      if (received === 2) request.socket.destroy()
      else response.end(ANSWER)
    })
    const { done, failures } = await closedLoop(work, { connections: 1, until: { requests: 4 } })
    expect(done).toBe(3)
    expect(failures).toHaveLength(1)
  })
})
