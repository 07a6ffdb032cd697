import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import type { RawExchange } from '../support/raw-client'
import type { RunningGateway } from '../support/running-gateway'
import { cut, hang, json, stream, type StreamStep } from '../support/scripts'
import { readEvents } from '../support/sse'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { GEMINI_MODEL, geminiArrayPieces, geminiError, geminiEvents } from '../support/vendors/gemini'
import { gemini } from '../support/vendors/vendors'

const pieces = geminiArrayPieces({ text: 'one two three' })
const array = (steps: readonly StreamStep[]) => stream(steps, { 'content-type': 'application/json; charset=UTF-8' })

/** What a client reads of a stream of events. */
const dataOf = (text: string): unknown => readEvents(text).map(({ data }) => JSON.parse(data) as unknown)

const askForArray = (gateway: RunningGateway): RawExchange =>
  gateway.send({
    target: `/v1beta/models/${GEMINI_MODEL}:streamGenerateContent`,
    headers: gemini.headers(gateway.key),
    body: gemini.request({ stream: true })
  })

test('a JSON array cut anywhere comes through as it is, and its usage is counted', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  const whole = Buffer.from(geminiArrayPieces({ text: 'é🏔語 "]},{[ '.repeat(9) }).join(''))
  first.next(
    array(
      Array.from({ length: Math.ceil(whole.length / 11) }, (_, index) => whole.subarray(index * 11, index * 11 + 11))
    )
  )
  const answer = await askForArray(gateway).done
  expect(answer.body.equals(whole)).toBe(true)
  expect(answer.complete).toBe(true)
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', stream: true, usage: { input: 11, output: 7 } })
})

test('B01 an element of content commits while the array is still open', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  first.next(array([pieces[0] ?? '', pieces[1] ?? '', hang]))
  const exchange = askForArray(gateway)
  await exchange.until('one')
  expect((await exchange.head()).status).toBe(200)
})

test('B01 an error as the first element fails over', async () => {
  const { first, second, gateway } = await startTwoChannels(gemini)
  first.next(array([`[${JSON.stringify(geminiError(503, 'UNAVAILABLE', 'The model is overloaded.'))}]`]))
  second.next(array(pieces))
  const answer = await askForArray(gateway).done
  expect(answer.text).toBe(pieces.join(''))
  expect(answer.header('x-routex-channel')).toBe('second')
})

test('B02 an array that breaks off never looks finished', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  first.next(array([pieces[0] ?? '', pieces[1] ?? '', cut]))
  const answer = await askForArray(gateway).done
  expect(answer.text).not.toContain('finishReason')
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated' })
})

test('B25 white space keeps a silent array alive, and it stays JSON', async () => {
  const clock = new FakeClock(Date.now())
  const { first, gateway } = await startTwoChannels(gemini, { clock })
  const gate = Promise.withResolvers<undefined>()
  const head = `${pieces[0] ?? ''}${pieces[1] ?? ''}`
  first.next(array([head, gate.promise, ...pieces.slice(2)]))
  const exchange = askForArray(gateway)
  await exchange.until('one')
  const before = exchange.bodyBytes
  await advanceUntil(clock, 1000, 60_000, () => exchange.bodyBytes > before)
  gate.resolve(undefined)
  const answer = await exchange.done
  expect(answer.json()).toEqual(JSON.parse(pieces.join('')))
})

test('an array for a stream of events goes out as events, as soon as each element is whole', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  first.next(array([pieces[0] ?? '', pieces[1] ?? '', hang]))
  const exchange = gateway.ask(gemini, { stream: true })
  await exchange.until('one')
  const { status, headers } = await exchange.head()
  expect([status, headers.get('content-type')]).toEqual([200, ['text/event-stream']])
})

test.each([
  ['one piece', [pieces.join('')]],
  ['many', pieces]
])('an array in %s is the same stream of events', async (_name, sent) => {
  const { first, gateway } = await startTwoChannels(gemini)
  first.next(array(sent))
  const answer = await gateway.ask(gemini, { stream: true }).done
  expect(dataOf(answer.text)).toEqual(JSON.parse(pieces.join('')))
  expect(answer.header('x-routex-channel')).toBe('first')
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { input: 11, output: 7 } })
})

test('an element of over 256 KiB goes out as one event', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  const long = geminiArrayPieces({ text: 'x'.repeat(600 * 1024) })
  first.next(array(long))
  const answer = await gateway.ask(gemini, { stream: true }).done
  expect(dataOf(answer.text)).toEqual(JSON.parse(long.join('')))
})

test('B01 an error as the first element of an array for a stream of events fails over', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  first.next(json(200, [geminiError(503, 'UNAVAILABLE', 'The model is overloaded.')]))
  const answer = await gateway.ask(gemini, { stream: true }).done
  expect(answer.header('x-routex-channel')).toBe('second')
})

test('B02 an array for a stream of events that breaks off never looks finished', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  first.next(array([pieces[0] ?? '', pieces[1] ?? '', '{"candi', cut]))
  const answer = await gateway.ask(gemini, { stream: true }).done
  expect(dataOf(answer.text)).toHaveLength(2)
  expect(answer.text).not.toContain('finishReason')
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated' })
})

test('a stream of events for an array goes out as an array', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  first.next(stream([': hello\n\n', ...geminiEvents({ text: 'one two three' })]))
  const answer = await askForArray(gateway).done
  expect(answer.header('content-type')).toContain('application/json')
  expect(answer.json()).toEqual(JSON.parse(pieces.join('')))
  expect(answer.header('x-routex-channel')).toBe('first')
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: { input: 11, output: 7 } })
})

test('B02 a stream of events for an array that breaks off is an array without its finish', async () => {
  const { first, gateway } = await startTwoChannels(gemini)
  first.next(stream([...geminiEvents({ text: 'one two three' }).slice(0, 2), cut]))
  const answer = await askForArray(gateway).done
  expect(answer.json()).toHaveLength(2)
  expect(answer.text).not.toContain('finishReason')
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'truncated' })
})
