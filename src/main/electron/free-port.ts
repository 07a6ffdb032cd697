import { once } from 'node:events'
import { createServer } from 'node:net'

/** How many ports above are tried before the system chooses. */
const TRIES = 50

async function canListen(host: string, port: number): Promise<number | null> {
  const server = createServer()
  try {
    server.listen({ host, port, exclusive: true })
    await once(server, 'listening')
  } catch {
    // Whatever the reason, this port is not to be had.
    return null
  }
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : null
}

/** The first port above `taken` that can be had on this host (B42), else one that the system chooses; null when none can. */
export async function nextFreePort(host: string, taken: number): Promise<number | null> {
  for (let port = taken + 1; port <= Math.min(taken + TRIES, 65_535); port++) {
    if ((await canListen(host, port)) !== null) return port
  }
  return canListen(host, 0)
}
