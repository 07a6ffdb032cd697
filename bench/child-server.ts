import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Listens on a free port of 127.0.0.1, tells it on stdout as the gateway does, and ends with the process that started
 * it, even one that was killed: its stdin closes then.
 */
export function serveUntilParentEnds(server: Server): void {
  // More than 1,000 clients connect at once.
  server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 }, () => {
    const { port } = server.address() as AddressInfo
    process.stdout.write(`${JSON.stringify({ event: 'listening', gateway: `http://127.0.0.1:${port}` })}\n`)
  })
  process.stdin.resume().once('end', () => process.exit(0))
}
