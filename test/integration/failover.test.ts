import { describe, expect, test } from 'vitest'
import { startFakeUpstream } from '../support/fake-upstream'
import { bytes, json } from '../support/scripts'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails, openaiChat, says, VENDORS } from '../support/vendors/vendors'

test.each(VENDORS)(
  'B13 after a failover the next channel of $protocol gets the same bytes, with its own credential',
  async (vendor) => {
    const { first, second, gateway } = await startTwoChannels(vendor)
    first.next(fails(vendor, 503, 'down'))
    await gateway.ask(vendor, { stream: true }).done
    const [one] = first.requests
    const [two] = second.requests
    expect(two?.body.equals(one?.body ?? Buffer.alloc(0))).toBe(true)
    expect(one?.rawHeaders.join()).toContain('sk-secret-of-first')
    expect(two?.rawHeaders.join()).toContain('sk-secret-of-second')
    expect(two?.rawHeaders.join()).not.toContain('sk-secret-of-first')
  }
)

test('each channel of a failover gets the model name of its own map', async () => {
  const { first, second, gateway } = await startTwoChannels(openaiChat, {
    firstChannel: { modelMap: { asked: 'name-at-first' } },
    secondChannel: { modelMap: { asked: 'name-at-second' } }
  })
  first.next((exchange) => exchange.reset())
  await gateway.ask(openaiChat, { model: 'asked' }).done
  expect(JSON.parse(first.requests[0]?.body.toString() ?? '')).toMatchObject({ model: 'name-at-first' })
  expect(JSON.parse(second.requests[0]?.body.toString() ?? '')).toMatchObject({ model: 'name-at-second' })
  expect(await gateway.onlyRow()).toMatchObject({
    model: 'asked',
    sentModel: 'name-at-second',
    attempts: [{ model: 'name-at-first' }, { model: 'name-at-second' }]
  })
})

test('a stream that is answered by a whole JSON is handed on as it is', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  first.next(json(200, openaiChat.answer({ text: 'whole all the same' })))
  const answer = await gateway.ask(openaiChat, { stream: true }).done
  expect(answer.json()).toEqual(openaiChat.answer({ text: 'whole all the same' }))
  expect(answer.header('content-type')).toContain('application/json')
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { input: 11, output: 7 } })
})

describe('a redirect', () => {
  test.each([301, 302, 307, 308])('%i is not followed, so that no credential goes where it points', async (status) => {
    const elsewhere = await startFakeUpstream()
    elsewhere.always(says(anthropic, { text: 'caught' }))
    const { first, gateway } = await startTwoChannels(anthropic)
    first.always(bytes(status, Buffer.alloc(0), { location: `${elsewhere.url}/v1/messages` }))
    const answer = await gateway.ask(anthropic).done
    expect(elsewhere.requests).toHaveLength(0)
    expect(answer.text).not.toContain('caught')
    expect(answer.status).toBeGreaterThanOrEqual(200)
  })
})

test('two hundred requests at once get each its own answer, over two channels that fail now and then', async () => {
  const { first, second, gateway } = await startTwoChannels(openaiChat, {
    settings: { strategy: 'round_robin' },
    firstChannel: { priority: 1 },
    secondChannel: { priority: 1 }
  })
  let count = 0
  for (const upstream of [first, second]) {
    upstream.always((exchange) => {
      count += 1
      const { messages } = JSON.parse(exchange.request.body.toString()) as { messages: { content: string }[] }
      const text = `echo of ${messages[0]?.content ?? ''}`
      return count % 7 === 0 ? fails(openaiChat, 400, text)(exchange) : says(openaiChat, { text })(exchange)
    })
  }
  const answers = await Promise.all(
    Array.from({ length: 200 }, async (_, number) => {
      const prompt = `prompt-${number}-`
      const answer = await gateway.ask(openaiChat, { stream: number % 2 === 0, prompt }).done
      return { prompt, answer }
    })
  )
  for (const { prompt, answer } of answers) {
    expect(answer.complete).toBe(true)
    const words = answer.text.matchAll(/"content":"([^"]*)"|"message":"([^"]*)"/g)
    expect([...words].map((match) => match[1] ?? match[2]).join('')).toContain(`echo of ${prompt}`)
  }
  await gateway.lastRow(200)
  const ids = new Set((await gateway.rows()).map(({ id }) => id))
  expect(ids.size).toBe(200)
})

test('a client that waits for 100-continue is told to go on', async () => {
  const { gateway } = await startTwoChannels(anthropic)
  const body = Buffer.from(JSON.stringify(anthropic.request({ stream: false })))
  const exchange = gateway.send({
    method: 'POST',
    target: '/v1/messages',
    headers: {
      ...anthropic.headers(gateway.key),
      'content-type': 'application/json',
      'content-length': String(body.length),
      expect: '100-continue'
    }
  })
  await exchange.when(() => exchange.interim.length > 0)
  expect(exchange.interim.map(({ status }) => status)).toEqual([100])
  exchange.write(body)
  expect((await exchange.done).status).toBe(200)
})
