import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { cut, hang, stream, type StreamStep } from '../support/scripts'
import { readEvents } from '../support/sse'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, openaiChat, openaiResponses, type Vendor } from '../support/vendors/vendors'

const SECOND = 1000

/** Everything but the last event of the protocol. */
async function startWithoutLast(vendor: Vendor, ...steps: readonly StreamStep[]) {
  const clock = new FakeClock(Date.now())
  const channels = await startTwoChannels(vendor, { clock })
  const events = vendor.events({ text: 'one two three' })
  const sent = events.slice(0, -1).join('')
  channels.first.next(stream([sent, ...steps]))
  return { ...channels, clock, sent, whole: events.join('') }
}

const ENDS: readonly { readonly how: string; readonly steps: readonly StreamStep[] }[] = [
  { how: 'ends', steps: [] },
  { how: 'is cut', steps: [cut] }
]

test.each(ENDS)(
  'B27 an Anthropic stream with its stop reason but without message_stop that $how is ended normally',
  async ({ steps }) => {
    const { gateway, whole } = await startWithoutLast(anthropic, ...steps)
    const answer = await gateway.ask(anthropic, { stream: true }).done
    expect(readEvents(answer.text)).toEqual(readEvents(whole))
    expect(answer.complete).toBe(true)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { input: 11, output: 7 } })
  }
)

test.each(ENDS)(
  'B27 a chat stream with its finish reason but without [DONE] that $how is ended normally',
  async ({ steps }) => {
    const { gateway, whole } = await startWithoutLast(openaiChat, ...steps)
    const answer = await gateway.ask(openaiChat, { stream: true }).done
    expect(answer.text).toBe(whole)
    expect(answer.complete).toBe(true)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok' })
  }
)

test.each([anthropic, openaiChat])(
  'B27 a $protocol stream that falls silent after its stop reason is ended after 10 s',
  async (vendor) => {
    const { gateway, clock, first, sent, whole } = await startWithoutLast(vendor, hang)
    const exchange = gateway.ask(vendor, { stream: true })
    await exchange.when(() => exchange.text === sent)
    let ended = false
    void exchange.done.then(() => (ended = true))
    const turned = await advanceUntil(clock, 500, 20 * SECOND, () => ended)
    expect(turned).toBeGreaterThanOrEqual(9 * SECOND)
    expect(turned).toBeLessThanOrEqual(12 * SECOND)
    const answer = await exchange.done
    expect(readEvents(answer.text)).toEqual(readEvents(whole))
    expect(answer.complete).toBe(true)
    await (
      await first.request(1)
    ).aborted
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok' })
    expect(await gateway.health('first')).toMatchObject({ state: 'closed', failures: 0 })
  }
)

test('B27 a Responses stream without its last event can’t be mended', async () => {
  const { gateway } = await startWithoutLast(openaiResponses)
  const answer = await gateway.ask(openaiResponses, { stream: true }).done
  expect(readEvents(answer.text).at(-1)?.name).toBe('response.failed')
  expect(answer.complete).toBe(false)
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated' })
})

test('B27 the SDKs take a mended stream for a whole one', async () => {
  const one = await startWithoutLast(anthropic)
  const claude = new Anthropic({ baseURL: one.gateway.url, apiKey: one.gateway.key, maxRetries: 0 })
  const messages = [{ role: 'user' as const, content: 'x' }]
  const message = await claude.messages.stream({ model: anthropic.model, max_tokens: 9, messages }).finalMessage()
  expect(message.stop_reason).toBe('end_turn')
  const two = await startWithoutLast(openaiChat)
  const openai = new OpenAI({ baseURL: `${two.gateway.url}/v1`, apiKey: two.gateway.key, maxRetries: 0 })
  const completion = await openai.chat.completions.stream({ model: openaiChat.model, messages }).finalChatCompletion()
  expect(completion.choices[0]?.finish_reason).toBe('stop')
})
