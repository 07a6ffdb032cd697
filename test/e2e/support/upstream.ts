import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An Anthropic upstream of a page spec. What it answers can be changed while it runs. */
export interface Upstream {
  readonly url: string
  /** 200 answers; any other status is an error of that kind. */
  status: number
  /** Before the first byte. */
  delayMs: number
  /** Requests for a message so far. */
  readonly asked: () => number
  close(): void
}

const usage = {
  input_tokens: 412,
  cache_read_input_tokens: 8_210,
  cache_creation_input_tokens: 204,
  output_tokens: 128
}

function message(model: string): object {
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model,
    content: [{ type: 'text', text: 'Hello' }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage
  }
}

function stream(model: string): string {
  const start = { ...message(model), content: [], stop_reason: null, usage: { ...usage, output_tokens: 1 } }
  const events: readonly (readonly [string, object])[] = [
    ['message_start', { message: start }],
    ['content_block_start', { index: 0, content_block: { type: 'text', text: '' } }],
    ['content_block_delta', { index: 0, delta: { type: 'text_delta', text: 'Hello' } }],
    ['content_block_stop', { index: 0 }],
    ['message_delta', { delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: 128 } }],
    ['message_stop', {}]
  ]
  return events.map(([type, data]) => `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`).join('')
}

function answerError(response: ServerResponse, status: number): void {
  const type = status === 401 ? 'authentication_error' : status === 529 ? 'overloaded_error' : 'api_error'
  const text = status === 401 ? 'invalid x-api-key' : status === 529 ? 'Overloaded' : `The upstream answered ${status}`
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ type: 'error', error: { type, message: text } }))
}

/** Starts one on a free port. */
export async function startAnthropic(change: Partial<Pick<Upstream, 'status' | 'delayMs'>> = {}): Promise<Upstream> {
  let asked = 0
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      if (upstream.status !== 200) {
        answerError(response, upstream.status)
        return
      }
      if (request.method === 'GET') {
        response.writeHead(200, { 'content-type': 'application/json' })
        const data = ['claude-sonnet-4-5', 'claude-opus-4-5', 'claude-haiku-4-5'].map((id) => ({ type: 'model', id }))
        response.end(JSON.stringify({ data, has_more: false }))
        return
      }
      asked++
      const body = JSON.parse(Buffer.concat(parts).toString() || '{}') as { model?: string; stream?: boolean }
      const model = body.model ?? 'claude-sonnet-4-5'
      setTimeout(() => {
        response.writeHead(200, { 'content-type': body.stream ? 'text/event-stream' : 'application/json' })
        response.end(body.stream ? stream(model) : JSON.stringify(message(model)))
      }, upstream.delayMs)
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const upstream: Upstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    status: 200,
    delayMs: 0,
    asked: () => asked,
    close() {
      server.close()
      server.closeAllConnections()
    },
    ...change
  }
  return upstream
}
