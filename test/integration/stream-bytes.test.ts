import { describe, expect, test } from 'vitest'
import { stream } from '../support/scripts'
import { readEvents } from '../support/sse'
import { startTwoChannels } from '../support/two-channels'
import { unnamed } from '../support/vendors/content'
import { anthropic, gemini, openaiChat, openaiResponses, VENDORS } from '../support/vendors/vendors'

describe.each(VENDORS)('$protocol', (vendor) => {
  test('B21 chunks cut anywhere, inside a UTF-8 character too, change nothing', async () => {
    const { first, gateway } = await startTwoChannels(vendor)
    const whole = Buffer.from(vendor.events({ text: 'é🏔語 '.repeat(9) }).join(''))
    const parts = Array.from({ length: Math.ceil(whole.length / 7) }, (_, index) =>
      whole.subarray(index * 7, index * 7 + 7)
    )
    first.next(stream(parts))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.body.equals(whole)).toBe(true)
    expect(answer.complete).toBe(true)
    expect((await gateway.onlyRow()).usage).toMatchObject({ input: 11, output: 7 })
  })

  test('B21 CRLF is as good as LF', async () => {
    const { first, gateway } = await startTwoChannels(vendor)
    const text = vendor.events({ text: 'one two three' }).join('').replaceAll('\n', '\r\n')
    first.next(stream([text]))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.text).toBe(text)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { output: 7 } })
  })

  test('B21 a data line that is no JSON passes and breaks nothing', async () => {
    const { first, gateway } = await startTwoChannels(vendor)
    const events = vendor.events({ text: 'one two three' })
    const text = [
      ...events.slice(0, vendor.firstContent + 1),
      'data: {"broken\n\n',
      ...events.slice(vendor.firstContent + 1)
    ].join('')
    first.next(stream([text]))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.text).toBe(text)
    expect(answer.complete).toBe(true)
  })
})

const STRANGE = ': a comment\n\nevent: unheard.of\nid: 7\nretry: 10\ndata: {"type":"unheard.of","x":1}\n\n'

test.each([anthropic, openaiChat, openaiResponses])(
  'B21 comments and unknown events of $protocol pass',
  async (vendor) => {
    const { first, gateway } = await startTwoChannels(vendor)
    const events = vendor.events({ text: 'one two three' })
    const text = events.toSpliced(vendor.firstContent + 1, 0, STRANGE).join('')
    first.next(stream([text]))
    expect((await gateway.ask(vendor, { stream: true }).done).text).toBe(text)
  }
)

test('B21 unknown events of gemini pass, without the comments and event lines that its CLI can’t take', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  const events = gemini.events({ text: 'one two three' })
  first.next(stream([events.toSpliced(1, 0, STRANGE).join('')]))
  const { text } = await gateway.ask(gemini, { stream: true }).done
  expect(readEvents(text).map(({ data }) => data)).toEqual(
    readEvents(events.toSpliced(1, 0, STRANGE).join('')).map(({ data }) => data)
  )
  expect(text).not.toMatch(/^(:|event:)/m)
})

test('B21 nothing goes out after [DONE]', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  const events = openaiChat.events({ text: 'one two three' })
  first.next(stream([...events, unnamed({ choices: [], stray: true }), ': stray\n\n']))
  const answer = await gateway.ask(openaiChat, { stream: true }).done
  expect(answer.text).toBe(events.join(''))
  expect(answer.complete).toBe(true)
})

test('B21 lines of 4 MiB pass, and the stream’s usage is still counted', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  const text = anthropic.events({ text: 'x'.repeat(12 * 1024 * 1024) }).join('')
  first.next(stream([text]))
  const answer = await gateway.ask(anthropic, { stream: true }).done
  expect(answer.body.equals(Buffer.from(text))).toBe(true)
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { input: 11, output: 7 } })
})
