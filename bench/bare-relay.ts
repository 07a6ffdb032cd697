/**
 * The runtime's ceiling: node:http in front, undici behind, and nothing else. No key, no choice, no log, no look into
 * a byte that passes; only what no relay can do without: keep-alive on both sides, hop-by-hop headers off (RFC 9110
 * 7.6.1), backpressure both ways, and an abort handed on.
 *
 * Started by `startBareRelay` with the upstream's origin as its one argument, its types taken off: Node's own type
 * stripping would add 30 MB to its memory, which is compared with the gateway's.
 */
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool, type Dispatcher } from 'undici'

const origin = process.argv.at(-1)
if (origin === undefined) throw new Error('the origin of the upstream is missing')

const pool = new Pool(origin, { allowH2: false, headersTimeout: 0, bodyTimeout: 0, keepAliveTimeout: 30_000 })

const HOP_BY_HOP = new Set(['connection', 'keep-alive', 'proxy-connection', 'te', 'trailer', 'transfer-encoding'])

function forwarded(headers: IncomingHttpHeaders, own: string): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined && name !== own && !HOP_BY_HOP.has(name)) kept[name] = value
  }
  return kept
}

class Relay implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse
  #controller: Dispatcher.DispatchController | null = null

  constructor(response: ServerResponse) {
    this.#response = response
    response.once('close', () => {
      if (!response.writableFinished) this.#controller?.abort(new Error('the client went away'))
    })
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    this.#response.writeHead(status, forwarded(headers, ''))
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#response.write(chunk)) return
    controller.pause()
    this.#response.once('drain', () => controller.resume())
  }

  onResponseEnd(): void {
    this.#response.end()
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    if (this.#response.headersSent) this.#response.destroy(error)
    else this.#response.writeHead(502).end(error.message)
  }
}

const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, (request: IncomingMessage, response) => {
  const { url = '/', method = 'GET', headers } = request
  pool.dispatch({ path: url, method, headers: forwarded(headers, 'host'), body: request }, new Relay(response))
})
server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 }, () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ event: 'listening', gateway: `http://127.0.0.1:${port}` })}\n`)
})
process.stdin.resume().once('end', () => process.exit(0))
