/**
 * The fake upstream, in a process of its own: answers `POST /v1/messages` as Anthropic would, always the same. It reads
 * the request to its end and looks only at its first bytes, so that it is never what is measured.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { jsonAnswer, MODEL, SLOW_DELTAS, SLOW_MODEL, SLOW_PERIOD_MS, STREAM_DELTAS, streamEvents } from './payloads.ts'

const ANSWER = jsonAnswer()
const EVENTS = streamEvents(MODEL, STREAM_DELTAS)
const SLOW_EVENTS = streamEvents(SLOW_MODEL, SLOW_DELTAS)

const COMMON_HEADERS = [
  ['request-id', 'req_bench_0000000000000001'],
  ['anthropic-ratelimit-requests-limit', '4000'],
  ['anthropic-ratelimit-requests-remaining', '3999']
].flat()
const JSON_HEADERS = ['content-type', 'application/json', 'content-length', String(ANSWER.length), ...COMMON_HEADERS]
const STREAM_HEADERS = [
  ...['content-type', 'text/event-stream; charset=utf-8', 'cache-control', 'no-cache'],
  ...COMMON_HEADERS
]

/** `model` and `stream` stand first in every request of the bench. */
const HEAD_BYTES = 80

function answer(head: string, response: ServerResponse): void {
  if (head.includes(SLOW_MODEL)) {
    slowly(response)
  } else if (head.includes('"stream":true')) {
    response.writeHead(200, STREAM_HEADERS)
    writeOn(response, 0)
  } else {
    response.writeHead(200, JSON_HEADERS)
    response.end(ANSWER)
  }
}

/** Each event is a write of its own, one a turn of the event loop, as fast as the other side takes them. */
function writeOn(response: ServerResponse, at: number): void {
  const bytes = EVENTS[at]
  if (response.destroyed) return
  if (bytes === undefined) response.end()
  else if (response.write(bytes)) setImmediate(writeOn, response, at + 1)
  else response.once('drain', () => writeOn(response, at + 1))
}

/** Slow streams take turns on one timer, spread evenly over the period. */
const SLOTS = 50
const slots = Array.from({ length: SLOTS }, () => new Map<ServerResponse, number>())
let turn = 0
let nextSlot = 0

function slowly(response: ServerResponse): void {
  const slot = slots[nextSlot]
  nextSlot = (nextSlot + 1) % SLOTS
  response.writeHead(200, STREAM_HEADERS)
  for (const bytes of SLOW_EVENTS.slice(0, 2)) response.write(bytes)
  slot?.set(response, 2)
  response.once('close', () => slot?.delete(response))
}

setInterval(() => {
  const slot = slots[turn]
  turn = (turn + 1) % SLOTS
  if (slot === undefined) return
  for (const [response, at] of slot) {
    const bytes = SLOW_EVENTS[at]
    if (bytes === undefined) {
      slot.delete(response)
      response.end()
    } else {
      slot.set(response, at + 1)
      response.write(bytes)
    }
  }
}, SLOW_PERIOD_MS / SLOTS)

function receive(request: IncomingMessage, response: ServerResponse): void {
  let head = ''
  let size = 0
  request.on('data', (chunk: Buffer) => {
    if (head === '') head = chunk.toString('latin1', 0, HEAD_BYTES)
    size += chunk.length
  })
  request.once('end', () => {
    if (size < HEAD_BYTES || !head.startsWith('{"model":')) {
      response.writeHead(400).end('{"type":"error","error":{"type":"invalid_request_error","message":"not the bench"}}')
    } else {
      answer(head, response)
    }
  })
}

const server = createServer({ keepAliveTimeout: 120_000, requestTimeout: 0 }, receive)
// More than 1,000 clients connect at once.
server.listen({ host: '127.0.0.1', port: 0, backlog: 2048 }, () => {
  const { port } = server.address() as AddressInfo
  process.stdout.write(`${JSON.stringify({ event: 'listening', gateway: `http://127.0.0.1:${port}` })}\n`)
})
// Ends with the bench, even with one that was killed.
process.stdin.resume().once('end', () => process.exit(0))
