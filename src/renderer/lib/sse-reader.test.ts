import { expect, test } from 'vitest'
import { readServerEvents, type ServerEvent } from './sse-reader'

async function read(...chunks: readonly Uint8Array<ArrayBuffer>[]): Promise<ServerEvent[]> {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk)
      controller.close()
    }
  })
  const events: ServerEvent[] = []
  for await (const event of readServerEvents(body)) events.push(event)
  return events
}
const bytes = (text: string) => new TextEncoder().encode(text)

test('events carry their name and their lines of data; comments carry nothing', async () => {
  expect(await read(bytes(': still here\n\nevent: a\ndata: 1\ndata: 2\n\ndata:3\n\n'))).toEqual([
    { name: 'a', data: '1\n2' },
    { name: 'message', data: '3' }
  ])
})

test('a stream cut anywhere, inside a character too, reads the same', async () => {
  const whole = bytes('event: 渠道\r\ndata: {"name":"渠道"}\r\n\r\nevent: b\r\ndata: x\r\n\r\n')
  for (let cut = 0; cut <= whole.length; cut++) {
    expect(await read(whole.slice(0, cut), whole.slice(cut))).toEqual([
      { name: '渠道', data: '{"name":"渠道"}' },
      { name: 'b', data: 'x' }
    ])
  }
})

test('an event that was not ended is not told', async () => {
  expect(await read(bytes('event: a\ndata: 1\n'))).toEqual([])
})
