import type { IncomingMessage, ServerResponse } from 'node:http'

/** All of them; ours by name too, for clients that don't know the asterisk. */
const EXPOSED = '*, x-routex-channel, x-routex-attempts, x-routex-request-id'

/** Lets a listed web origin read the answer, whoever writes it (Fetch standard, CORS). */
export function allowOrigin(response: ServerResponse, origin: string): void {
  response.setHeader('access-control-allow-origin', origin)
  response.setHeader('access-control-expose-headers', EXPOSED)
  response.setHeader('vary', 'origin')
}

/** OPTIONS that a browser sends ahead of a cross-origin request. */
export function isPreflight(request: IncomingMessage): boolean {
  return request.method === 'OPTIONS' && request.headers['access-control-request-method'] !== undefined
}

/** Answers a preflight of an origin that was let through. Credentials are headers here, never cookies. */
export function answerPreflight(request: IncomingMessage, response: ServerResponse): void {
  const wanted = request.headers['access-control-request-headers']
  response.setHeader('access-control-allow-methods', 'GET, HEAD, POST, DELETE')
  if (wanted !== undefined) response.setHeader('access-control-allow-headers', wanted)
  if (request.headers['access-control-request-private-network'] === 'true') {
    response.setHeader('access-control-allow-private-network', 'true')
  }
  response.setHeader('access-control-max-age', '600')
  response.writeHead(204).end()
}
