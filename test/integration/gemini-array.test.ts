import { expect, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import type { RawExchange } from '../support/raw-client'
import type { RunningGateway } from '../support/running-gateway'
import { cut, hang, stream, type StreamStep } from '../support/scripts'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { GEMINI_MODEL, geminiArrayPieces, geminiError } from '../support/vendors/gemini'
import { gemini } from '../support/vendors/vendors'

const pieces = geminiArrayPieces({ text: 'one two three' })
const array = (steps: readonly StreamStep[]) => stream(steps, { 'content-type': 'application/json; charset=UTF-8' })

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
