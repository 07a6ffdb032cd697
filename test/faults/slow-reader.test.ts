import { readFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'

import { startFakeUpstream, type Script } from '../support/fake-upstream'
import { startHeadless } from '../support/start-headless'
import { startTwoChannels } from '../support/two-channels'
import { named } from '../support/vendors/content'
import { anthropic } from '../support/vendors/vendors'

const MIB = 1024 * 1024
const TOTAL = 50 * MIB
/** What the sockets' own buffers on both sides hold, generously; Routex's part of it must be small. */
const MOST_UNDER_WAY = 24 * MIB

/** Writes `pieces` as fast as they are taken, and tells how much that was. */
function counting(
  head: Readonly<Record<string, string>>,
  pieces: () => Iterable<Buffer>,
  written: { bytes: number }
): Script {
  return async (exchange) => {
    exchange.head(200, head)
    for (const piece of pieces()) {
      if (exchange.response.destroyed) return
      await exchange.write(piece)
      written.bytes += piece.length
    }
    exchange.end()
  }
}

function* streamOf50MiB(): Iterable<Buffer> {
  const events = anthropic.events({ text: 'one two three' })
  const filler = 'x'.repeat(16 * 1024)
  const delta = named({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: filler } } as {
    type: string
  })
  yield Buffer.from(events.slice(0, 4).join(''))
  for (let sent = 0; sent < TOTAL; sent += delta.length) yield Buffer.from(delta)
  yield Buffer.from(events.slice(4).join(''))
}

function* answerOf50MiB(): Iterable<Buffer> {
  const [head = '', tail = ''] = JSON.stringify(anthropic.answer({ text: '@' })).split('@')
  yield Buffer.from(head)
  const filler = Buffer.alloc(64 * 1024, 'y')
  for (let sent = 0; sent < TOTAL; sent += filler.length) yield filler
  yield Buffer.from(tail)
}

const KINDS = [
  { kind: 'a stream', streamed: true, pieces: streamOf50MiB, head: { 'content-type': 'text/event-stream' } },
  { kind: 'a whole answer', streamed: false, pieces: answerOf50MiB, head: { 'content-type': 'application/json' } }
] as const

test.each(KINDS)(
  'B20 $kind of 50 MB to a client that does not read is held back at the upstream, then arrives whole',
  async ({ streamed, pieces, head }) => {
    const { first, gateway } = await startTwoChannels(anthropic)
    const written = { bytes: 0 }
    first.next(counting(head, pieces, written))
    const exchange = gateway.ask(anthropic, { stream: streamed, keepBody: false })
    await exchange.head()
    exchange.pause()
    let before = -1
    // the buffers are full once nothing more was taken between two looks at the health, both over real sockets
    await expect
      .poll(
        async () => {
          const stands = before === written.bytes
          before = written.bytes
          return stands
        },
        { interval: 150, timeout: 10_000 }
      )
      .toBe(true)
    expect(written.bytes).toBeLessThan(MOST_UNDER_WAY)
    exchange.resume()
    const answer = await exchange.done
    const expected = [...pieces()].reduce((sum, piece) => sum + piece.length, 0)
    expect(answer.complete).toBe(true)
    expect(answer.bodyBytes).toBe(expected)
    expect(await gateway.onlyRow()).toMatchObject({
      outcome: 'ok',
      responseBytes: expected,
      usage: { input: 11, output: 7 }
    })
  }
)

test('B20 a client that never reads again and goes away frees the upstream', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(counting({ 'content-type': 'text/event-stream' }, streamOf50MiB, { bytes: 0 }))
  const exchange = gateway.ask(anthropic, { stream: true, keepBody: false })
  await exchange.head()
  exchange.pause()
  const { aborted } = await first.request(1)
  exchange.leave()
  await aborted
  expect(await gateway.onlyRow()).toMatchObject({ status: 499, outcome: 'cancelled' })
})

async function residentMiB(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024
}

const WIRES = [
  { wire: 'as they are', encode: (pieces: Iterable<Buffer>) => pieces, headers: {} },
  {
    wire: 'in 50 KB of gzip',
    encode: (pieces: Iterable<Buffer>) => [gzipSync(Buffer.concat([...pieces]))],
    headers: { 'content-encoding': 'gzip' }
  }
] as const

test.runIf(process.platform === 'linux').each(WIRES)(
  'B20 ten streams of 50 MB, sent $wire, to clients that do not read cost little memory',
  async ({ encode, headers }) => {
    const upstream = await startFakeUpstream()
    const pieces = [...encode(streamOf50MiB())]
    upstream.always(counting({ 'content-type': 'text/event-stream', ...headers }, () => pieces, { bytes: 0 }))
    const { gateway, pid } = await startHeadless({ config: withChannels([channelOf(anthropic, upstream)]) })
    const warm = gateway.ask(anthropic, { stream: true, keepBody: false })
    await warm.done
    const before = await residentMiB(pid)
    const slow = Array.from({ length: 10 }, () => gateway.ask(anthropic, { stream: true, keepBody: false }))
    for (const exchange of slow) {
      await exchange.head()
      exchange.pause()
    }
    let last = -1
    await expect
      .poll(
        async () => {
          const now = await residentMiB(pid)
          const stands = Math.abs(now - last) < 1
          last = now
          return stands
        },
        { interval: 200, timeout: 10_000 }
      )
      .toBe(true)
    expect(last - before).toBeLessThan(80)
    for (const exchange of slow) exchange.leave()
    await expect.poll(async () => (await gateway.call('gateway.status', {})).inFlight).toBe(0)
  }
)
