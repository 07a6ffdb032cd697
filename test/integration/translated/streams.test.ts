import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream, type Script } from '../../support/fake-upstream'
import { stream, type StreamStep } from '../../support/scripts'
import { readEvents } from '../../support/sse'
import { startGateway } from '../../support/start-gateway'
import { anthropic, openaiChat, openaiResponses, says, VENDORS, type Vendor } from '../../support/vendors/vendors'

const PAIRS = VENDORS.flatMap((client) =>
  VENDORS.filter((channel) => channel !== client).map((channel) => ({
    client,
    channel,
    from: client.protocol,
    to: channel.protocol
  }))
)
const MEBIBYTE = 1_048_576

async function start(channel: Vendor, ...scripts: readonly Script[]) {
  const upstream = await startFakeUpstream()
  upstream.next(...scripts)
  const gateway = await startGateway({ config: withChannels([channelOf(channel, upstream)]) })
  return { upstream, gateway }
}

/** All text of a client's stream, its events in order. */
function textOf(body: string): string {
  const texts = readEvents(body).map(({ data }) =>
    [...data.matchAll(/"(?:text|content|delta)":"((?:[^"\\]|\\.)*)"/g)].map(([, text = '']) => text)
  )
  return texts.flat().join('')
}

describe.each(PAIRS)('a $from client on a channel of $to', ({ client, channel }) => {
  test('has each piece of text with the event it came in, none later', async () => {
    const words = ['one ', 'two ', 'three ']
    const gates = words.map(() => Promise.withResolvers<undefined>())
    const events = channel.events({ text: 'abc' })
    const at = channel.firstContent
    const piece = (word: string) => (events[at] ?? '').replace(/"a"/, JSON.stringify(word))
    const steps: StreamStep[] = [...events.slice(0, at)]
    for (const [index, word] of words.entries()) steps.push(piece(word), gates[index]?.promise ?? '')
    const { gateway } = await start(channel, stream([...steps, ...events.slice(at + 3)]))
    const exchange = gateway.ask(client, { stream: true })
    for (const [index, word] of words.entries()) {
      // The upstream sends nothing more until this one is there.
      await exchange.until(word)
      gates[index]?.resolve(undefined)
    }
    const answer = await exchange.done
    expect(answer.complete).toBe(true)
    expect(textOf(answer.text)).toContain('one ')
  })

  test('gets a first event of over 256 KiB whole', async () => {
    const long = 'x'.repeat(700_000)
    const events = channel.events({ text: 'a' }).map((event) => event.replaceAll('"a"', JSON.stringify(long)))
    const { gateway } = await start(channel, stream(events))
    const answer = await gateway.ask(client, { stream: true }).done
    expect([answer.status, answer.complete]).toEqual([200, true])
    expect(textOf(answer.text)).toContain(long)
  })
})

describe('an answer of over 32 MiB that must be whole to be translated', () => {
  const long = 'x'.repeat(33 * MEBIBYTE)

  test('is a clean error when it is not streamed', async () => {
    const { gateway } = await start(openaiChat, says(openaiChat, { text: long }))
    const answer = await gateway.ask(anthropic).done
    expect(answer.status).toBe(502)
    expect(answer.json()).toMatchObject({
      type: 'error',
      error: { message: expect.stringContaining('32 MiB') as string }
    })
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'upstream_error' })
  })

  test('is an error before the answer where one event of a stream is as long', async () => {
    const events = openaiChat.events({ text: 'a' }).map((event) => event.replaceAll('"a"', JSON.stringify(long)))
    const { gateway } = await start(openaiChat, stream(events))
    const answer = await gateway.ask(openaiResponses, { stream: true }).done
    expect(answer.text).not.toContain('response.completed')
    expect(answer.text).toContain('32 MiB')
  })
}, 60_000)
