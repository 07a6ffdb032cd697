import { describe, expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { hang, json, stream } from '../support/scripts'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { named, unnamed } from '../support/vendors/content'
import { anthropic, fails, gemini, openaiChat, openaiResponses, says, VENDORS } from '../support/vendors/vendors'

const SECOND = 1000

describe('odd upstreams', () => {
  test.each(VENDORS)('a whole stream of $protocol whose upstream does not close ends all the same', async (vendor) => {
    const clock = new FakeClock(Date.now())
    const { first, gateway } = await startTwoChannels(vendor, { clock })
    const events = vendor.events({ text: 'one two three' })
    first.next(stream([...events, hang]))
    const exchange = gateway.ask(vendor, { stream: true })
    let ended = false
    void exchange.done.then(() => (ended = true))
    await exchange.when(() => exchange.text === events.join(''))
    await advanceUntil(clock, 500, 15 * SECOND, () => ended)
    const answer = await exchange.done
    expect(answer.text).toBe(events.join(''))
    expect(answer.complete).toBe(true)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { input: 11, output: 7 } })
    expect((await gateway.health('first')).failures).toBe(0)
  })

  test('the usage chunk of a chat stream may come seconds after the finish reason', async () => {
    const clock = new FakeClock(Date.now())
    const { first, gateway } = await startTwoChannels(openaiChat, { clock })
    const events = openaiChat.events({ text: 'one two three' })
    const gate = Promise.withResolvers<undefined>()
    first.next(stream([...events.slice(0, -2), gate.promise, ...events.slice(-2)]))
    const exchange = gateway.ask(openaiChat, { stream: true })
    await exchange.until('"finish_reason":"stop"')
    for (let turned = 0; turned < 8; turned += 1) clock.advance(SECOND)
    gate.resolve(undefined)
    expect((await exchange.done).text).toBe(events.join(''))
    expect((await gateway.onlyRow()).usage).toMatchObject({ input: 11, output: 7 })
  })

  test.each([{ streamed: false }, { streamed: true }])(
    'a prompt that Gemini blocks comes back as Gemini says it, streamed $streamed',
    async ({ streamed }) => {
      const { first, second, gateway } = await startTwoChannels(gemini)
      const blocked = {
        promptFeedback: { blockReason: 'PROHIBITED_CONTENT' },
        usageMetadata: { promptTokenCount: 9, totalTokenCount: 9 },
        modelVersion: gemini.model
      }
      first.next(streamed ? stream([unnamed(blocked)]) : json(200, blocked))
      const answer = await gateway.ask(gemini, { stream: streamed }).done
      expect(answer.text).toBe(streamed ? unnamed(blocked) : JSON.stringify(blocked))
      expect(answer.complete).toBe(true)
      expect(second.requests).toHaveLength(0)
      expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { input: 9 } })
    }
  )

  test('response.incomplete is a whole answer', async () => {
    const { first, gateway } = await startTwoChannels(openaiResponses)
    const events = openaiResponses.events({ text: 'one two three' })
    const last = named({
      type: 'response.incomplete',
      sequence_number: events.length - 1,
      response: {
        ...openaiResponses.answer({ text: 'one' }),
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' }
      }
    } as { type: string })
    first.next(stream([...events.slice(0, -1), last]))
    const answer = await gateway.ask(openaiResponses, { stream: true }).done
    expect(answer.text).toBe([...events.slice(0, -1), last].join(''))
    expect(answer.complete).toBe(true)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { input: 11, output: 7 } })
  })

  test('header values that are UTF-8 break nothing', async () => {
    const { first, gateway } = await startTwoChannels(anthropic)
    const body = JSON.stringify(anthropic.answer({ text: 'from first' }))
    first.next(({ socket }) => {
      socket.end(
        Buffer.from(
          `HTTP/1.1 200 OK\r\nx-provider: 渠道 é\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`
        )
      )
    })
    const answer = await gateway.ask(anthropic).done
    expect(answer.status).toBe(200)
    expect(answer.header('x-routex-channel')).toBe('first')
  })
})

describe('odd clients', () => {
  test.each([
    { what: 'broken escapes', model: '%zz' },
    { what: 'slashes', model: '..%2f..%2fv1%2ffiles' },
    { what: 'a NUL', model: 'a%00b' },
    { what: 'Chinese', model: encodeURIComponent('模型') },
    { what: '3,000 characters', model: 'x'.repeat(3000) }
  ])('a model name in the path with $what is no fault of the gateway', async ({ model }) => {
    const { gateway } = await startTwoChannels(gemini)
    const answer = await gateway.send({
      target: `/v1beta/models/${model}:generateContent`,
      headers: gemini.headers(gateway.key),
      body: gemini.request({ stream: false })
    }).done
    expect(answer.status).not.toBe(500)
    expect(answer.status).toBeGreaterThanOrEqual(200)
  })

  test('JSON nested a hundred thousand deep is no fault of the gateway', async () => {
    const { gateway } = await startTwoChannels(openaiChat)
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
    const body = `{"model":"${openaiChat.model}","messages":[{"role":"user","content":${deep}}]}`
    const answer = await gateway.send({
      target: '/v1/chat/completions',
      headers: openaiChat.headers(gateway.key),
      body
    }).done
    expect(answer.status).not.toBe(500)
    expect((await gateway.ask(openaiChat).done).status).toBe(200)
  })

  test('one that asks twice on one connection gets two answers in order', async () => {
    const { first, gateway } = await startTwoChannels(openaiChat)
    first.next(says(openaiChat, { text: 'answer one' }), says(openaiChat, { text: 'answer two' }))
    const init = (prompt: string): RequestInit => ({
      method: 'POST',
      headers: { ...openaiChat.headers(gateway.key), 'content-type': 'application/json' },
      body: JSON.stringify(openaiChat.request({ stream: false, prompt }))
    })
    const one = await (await fetch(`${gateway.url}/v1/chat/completions`, init('a'))).text()
    const two = await (await fetch(`${gateway.url}/v1/chat/completions`, init('b'))).text()
    expect(one).toContain('answer one')
    expect(two).toContain('answer two')
  })
})

test('nothing stays in flight, however requests end', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.next(fails(anthropic, 400, 'bad'), fails(anthropic, 529, 'busy'), (exchange) => exchange.reset())
  await gateway.ask(anthropic, { prompt: 'a' }).done
  await gateway.ask(anthropic, { prompt: 'b' }).done
  await gateway.call('channels.clearHealth', { id: (await gateway.health('first')).id })
  await gateway.ask(anthropic, { prompt: 'c' }).done
  first.next(stream([...anthropic.events({ text: 'x' }).slice(0, 4), hang]))
  const leaver = gateway.ask(anthropic, { stream: true, prompt: 'd' })
  await leaver.until('text_delta')
  expect((await gateway.health('first')).inFlight).toBe(1)
  expect((await gateway.call('gateway.status', {})).inFlight).toBe(1)
  leaver.leave()
  await gateway.ask(anthropic, { key: null }).done
  await gateway.ask(anthropic, { body: { model: undefined } }).done
  await expect.poll(async () => (await gateway.call('gateway.status', {})).inFlight).toBe(0)
  expect((await gateway.health('first')).inFlight).toBe(0)
  expect((await gateway.health('second')).inFlight).toBe(0)
  expect(second.requests.length).toBeGreaterThan(0)
})
