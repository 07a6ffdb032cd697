import { describe, expect, test } from 'vitest'
import type { Script } from '../support/fake-upstream'
import { bytes, hang, json, stream } from '../support/scripts'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, gemini, openaiChat, openaiResponses, VENDORS } from '../support/vendors/vendors'

const PAGE = Buffer.from('<!doctype html><title>Sign in</title>')
const html = (body: Buffer = PAGE): Script => bytes(200, body, { 'content-type': 'text/html; charset=utf-8' })

/** What a wrong base URL, a captive portal or a broken relay answers with a 2xx. */
const NO_ANSWERS: readonly { readonly what: string; readonly script: Script; readonly says: string }[] = [
  { what: 'a page of HTML', script: html(), says: '200 with text/html instead of JSON' },
  { what: 'nothing', script: bytes(200, Buffer.alloc(0)), says: '200 with an empty body instead of JSON' },
  {
    what: 'empty JSON',
    script: bytes(200, Buffer.alloc(0), { 'content-type': 'application/json' }),
    says: '200 with an empty body instead of JSON'
  },
  { what: '204', script: bytes(204, Buffer.alloc(0)), says: '204 with an empty body instead of JSON' },
  {
    what: 'what is called JSON and is none',
    script: bytes(200, Buffer.from('OK'), { 'content-type': 'application/json' }),
    says: 'that is no JSON object'
  },
  {
    what: 'half an object',
    script: bytes(200, Buffer.from('{"type":"message", not json'), { 'content-type': 'application/json' }),
    says: 'that is no JSON object'
  },
  { what: 'a list', script: json(200, []), says: 'that is no JSON object' }
]

describe.each(VENDORS)('$protocol', (vendor) => {
  describe.each([false, true])('streamed %s', (streamed) => {
    test.each(NO_ANSWERS)('B01 a 2xx with $what is a failure, and fails over', async ({ script, says }) => {
      const { first, gateway } = await startTwoChannels(vendor)
      first.next(script)
      const answer = await gateway.ask(vendor, { stream: streamed }).done
      expect(answer.header('x-routex-channel')).toBe('second')
      expect(answer.header('x-routex-attempts')).toBe('2')
      expect(await gateway.health('first')).toMatchObject({ failures: 1 })
      const { attempts } = await gateway.onlyRow()
      // A streamed answer without a content type is read as a stream, which then ended early.
      expect(['protocol', 'reset']).toContain(attempts[0]?.verdict)
      if (!streamed) expect(attempts[0]?.message).toContain(says)
    })
  })

  test('B03 where nobody is left, a page of HTML is 502 in the caller’s shape, and says what to check', async () => {
    const { first, gateway } = await startTwoChannels(vendor, { secondChannel: { enabled: false } })
    first.always(html())
    const answer = await gateway.ask(vendor).done
    expect(answer.status).toBe(502)
    const { error } = answer.json() as { readonly error: { readonly message: string } }
    expect(error.message).toContain('answered 200 with text/html instead of JSON; check the base URL')
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'upstream_error', status: 502, channelName: null })
  })
})

test('B01 a page of HTML of over 1 MiB is judged by its beginning', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  first.next(html(Buffer.alloc(3 * 1024 * 1024, '<p>')))
  const answer = await gateway.ask(anthropic).done
  expect(answer.header('x-routex-channel')).toBe('second')
})

test.each(VENDORS)('B01 a stream that nobody asked for is a failure at once: $protocol', async (vendor) => {
  const { first, gateway } = await startTwoChannels(vendor)
  first.next(stream([vendor.events({ text: 'never seen' })[0] ?? '', hang]))
  const answer = await gateway.ask(vendor).done
  expect(answer.json()).toEqual(vendor.answer({ text: 'from second' }))
  const { attempts } = await gateway.onlyRow()
  expect(attempts[0]?.message).toBe(
    'The upstream sent a stream though it was asked for a whole answer; where it can do no other, ask for a stream'
  )
})

test('B12 a page of HTML binds no session', async () => {
  const { first, second, gateway } = await startTwoChannels(anthropic)
  first.next(html())
  const headers = { 'x-session-id': 'one' }
  await gateway.ask(anthropic, { headers }).done
  await gateway.ask(anthropic, { headers }).done
  expect(second.requests).toHaveLength(2)
})

test('a streamed request that is answered whole, in JSON, gets it', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  first.next(json(200, openaiChat.answer({ text: 'whole' })))
  const answer = await gateway.ask(openaiChat, { stream: true }).done
  expect(answer.json()).toEqual(openaiChat.answer({ text: 'whole' }))
})

describe.each(['text/plain', 'application/json', 'application/octet-stream'])('a stream called %s', (type) => {
  test.each([anthropic, openaiChat, openaiResponses, gemini])('is passed on: $protocol', async (vendor) => {
    const { first, gateway } = await startTwoChannels(vendor)
    first.next(stream(['\n', ...vendor.events({ text: 'from first' })], { 'content-type': type }))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.header('x-routex-channel')).toBe('first')
    expect(answer.body.toString()).toBe(`\n${vendor.events({ text: 'from first' }).join('')}`)
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok' })
  })
})

test('a streamed request that is answered whole, in JSON without a content type, gets it', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  first.next(bytes(200, Buffer.from(JSON.stringify(openaiChat.answer({ text: 'whole' })))))
  const answer = await gateway.ask(openaiChat, { stream: true }).done
  expect(answer.header('x-routex-channel')).toBe('first')
  expect(answer.json()).toEqual(openaiChat.answer({ text: 'whole' }))
})

test('JSON by another name, with white space around it, is an answer', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  const body = Buffer.from(`\n \n${JSON.stringify(openaiChat.answer({ text: 'late' }))}\n`)
  first.next(bytes(200, body, { 'content-type': 'text/plain' }))
  expect((await gateway.ask(openaiChat).done).body.equals(body)).toBe(true)
})

test.each([1, 2 * 1024 * 1024])(
  'B01 JSON behind a byte order mark is an answer, %d characters long',
  async (length) => {
    const { first, gateway } = await startTwoChannels(openaiChat)
    const text = JSON.stringify(openaiChat.answer({ text: 'x'.repeat(length) }))
    const body = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(text)])
    first.next(bytes(200, body, { 'content-type': 'application/json' }))
    const answer = await gateway.ask(openaiChat).done
    expect(answer.header('x-routex-channel')).toBe('first')
    expect(answer.body.equals(body)).toBe(true)
    const { usage } = await gateway.onlyRow()
    expect(usage).not.toBeNull()
  }
)

test('Gemini’s array for a stream may not be a page of HTML either', async () => {
  const { first, second, gateway } = await startTwoChannels(gemini)
  first.next(html(Buffer.alloc(600 * 1024, '<p>')))
  const answer = await gateway.send({
    target: `/v1beta/models/${gemini.model}:streamGenerateContent`,
    headers: gemini.headers(gateway.key),
    body: gemini.request({ stream: true })
  }).done
  expect(answer.header('x-routex-channel')).toBe('second')
  expect(second.requests).toHaveLength(1)
})

test.each([200, 202, 204])('a response that is deleted may be answered with nothing, by %d', async (status) => {
  const { first, gateway } = await startTwoChannels(openaiResponses)
  const { id } = (await gateway.ask(openaiResponses).done).json() as { readonly id: string }
  first.next(bytes(status, Buffer.alloc(0)))
  const answer = await gateway.send({
    method: 'DELETE',
    target: `/v1/responses/${id}`,
    headers: openaiResponses.headers(gateway.key)
  }).done
  expect(answer.status).toBe(status)
})

test('an empty error beside an answer is none', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  const body = { ...openaiChat.answer({ text: 'whole' }), error: {} }
  first.next(json(200, body))
  expect((await gateway.ask(openaiChat).done).json()).toEqual(body)
})
