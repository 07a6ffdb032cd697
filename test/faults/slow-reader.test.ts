import { expect, test } from 'vitest'
import type { Script } from '../support/fake-upstream'
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
