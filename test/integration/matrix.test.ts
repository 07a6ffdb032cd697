import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../src/shared/protocol'
import { ANSWER_FEATURES, tokensFor, tokensFrom } from '../support/matrix/answer-features'
import { brokenEvents, expectBroken, expectError, failuresBetween } from '../support/matrix/errors'
import type { Feature } from '../support/matrix/feature'
import { startMatrix, vendorOf, type MatrixGateway } from '../support/matrix/gateway'
import { nextTurn } from '../support/matrix/next-turn'
import { kindOfAnswer, kindOfRequest, worse } from '../support/matrix/observe'
import { isTakenBy, outcomeOf, PAIRS, type FeatureName } from '../support/matrix/outcomes'
import { BASE, REQUEST_FEATURES, TOOLS } from '../support/matrix/request-features'
import { tableOf } from '../support/matrix/table'
import { tokensIn } from '../support/matrix/tokens'
import { stream as streamOf } from '../support/scripts'
import { anthropicSignature } from '../support/vendors/anthropic'
import { ASKS, type Body } from '../support/vendors/asks/ask'
import { THOUGHT_SIGNATURE } from '../support/vendors/gemini'
import { hear } from '../support/vendors/heard/heard'
import { ENCRYPTED_REASONING } from '../support/vendors/openai-responses'
import { fails, says } from '../support/vendors/vendors'

let matrix: MatrixGateway
beforeAll(async () => {
  matrix = await startMatrix(afterAll)
})

/** What was seen, printed at the end: one row for each pair. */
const table = tableOf()
afterAll(() => table.print())

const bodyOf = (bytes: Buffer | undefined): Body => JSON.parse(bytes?.toString() ?? '{}') as Body

const featureCalled = (wanted: FeatureName): Feature => {
  const feature = [...REQUEST_FEATURES, ...ANSWER_FEATURES].find(({ name }) => name === wanted)
  if (feature === undefined) throw new Error(`no feature ${wanted}`)
  return feature
}

/** Streamed and not, since an answer's whole and its stream are written by different code. */
const WAYS = [false, true] as const

describe.each(PAIRS)('a client of $client on a channel of $channel', ({ client, channel }) => {
  test.each([...REQUEST_FEATURES, ...ANSWER_FEATURES])('$name', async (feature) => {
    const expected = outcomeOf(feature.name, client, channel)
    const ask = feature.ask(client)
    if (ask === null) {
      expect(expected.kind).toBe('not said')
      return
    }
    for (const stream of WAYS) {
      const vendor = vendorOf(channel)
      const content = feature.answer(channel)
      const body = ASKS[client].write(ask)
      // What its own client asks a vendor for that it does not take passes all the same (B13).
      const lenient = client === channel && !isTakenBy(feature.name, channel)
      const script = says(vendor, content)
      const { sent, arrived, answer, losses, complaints } = await matrix.exchange({
        client,
        channel,
        body,
        stream,
        script,
        lenient
      })
      expect(complaints).toEqual([])
      expect(answer.status, answer.text).toBe(200)
      expect(answer.complete).toBe(true)
      const heard = hear(client, answer.text, stream)
      const kind = worse(
        kindOfRequest(feature, ask, ASKS[channel].read(bodyOf(arrived?.body))),
        kindOfAnswer(feature, client, channel, heard)
      )
      table.put(feature.name, client, channel, kind)
      expect({ kind, losses }).toEqual({ kind: expected.kind, losses: [...expected.losses].sort() })
      expect(heard.model).toBe(vendor.model)
      if (client !== channel) continue
      expect(arrived?.body.equals(sent), 'B13 the request’s bytes').toBe(true)
      const own = stream ? vendor.events(content).join('') : JSON.stringify(vendor.answer(content))
      expect(answer.text, 'B13 the answer’s bytes').toBe(own)
    }
  })

  test('B14 thoughts come back to their maker as it signed them', async () => {
    const signature = SIGNATURES[channel]
    if (signature === null) {
      expect(outcomeOf('signed thinking', client, channel).kind).toBe('not said')
      return
    }
    const { thinking } = featureCalled('thinking').ask(client) ?? {}
    const asked = ASKS[client].write({ ...BASE, tools: TOOLS, ...(thinking !== undefined && { thinking }) })
    const content = { text: 'I look.', thinking: THOUGHT, tool: { name: 'clock', arguments: { zone: 'UTC' } } }
    const question = { client, channel, stream: false }
    const script = says(vendorOf(channel), content)
    const first = await matrix.exchange({ ...question, body: asked, script })
    const body = nextTurn(client, asked, first.answer.json() as Body, 'Noon.')
    const second = await matrix.exchange({ ...question, body, script: says(vendorOf(channel), { text: 'Noon.' }) })
    expect([first.complaints, second.complaints]).toEqual([[], []])
    expect([first.losses, second.losses]).toEqual([[], []])
    const arrived = second.arrived?.body.toString() ?? ''
    expect(arrived).toContain(JSON.stringify(signature))
    expect(first.arrived?.body.toString()).not.toContain(signature)
    table.put('signed thinking', client, channel, outcomeOf('signed thinking', client, channel).kind)
    const streamed = await matrix.exchange({ ...question, stream: true, body: asked, script })
    expect(hear(client, streamed.answer.text, true).signatures).toEqual(
      hear(client, first.answer.text, false).signatures
    )
  })

  test('error: the upstream’s status and words, in the shape of the client’s protocol', async () => {
    for (const { status, heard } of failuresBetween(client, channel)) {
      for (const stream of WAYS) {
        const words = `the vendor’s own words of ${status}`
        const script = fails(vendorOf(channel), status, words)
        const { answer } = await matrix.exchange({ client, channel, body: ASKS[client].write(BASE), stream, script })
        expectError(client, answer, heard, words)
        if (client === channel) expect(answer.json()).toEqual(vendorOf(channel).error(status, words))
        await recover(client, channel)
      }
    }
    table.put('error', client, channel, outcomeOf('error', client, channel).kind)
  })

  test('B02 error: an answer that breaks in the middle does not look whole', async () => {
    const words = 'the vendor broke'
    const script = streamOf(brokenEvents(channel, 'Once upon a time', words))
    const { answer } = await matrix.exchange({ client, channel, body: ASKS[client].write(BASE), stream: true, script })
    expect(answer.status).toBe(200)
    expectBroken(client, answer, words)
    if (client !== channel) {
      expect(outcomeOf('error', client, channel).kind).toBe(answer.text.includes(words) ? 'carried' : 'changed')
    }
    await recover(client, channel)
  })

  test('B31 client and log count the same tokens', async () => {
    const script = says(vendorOf(channel), featureCalled('usage').answer(channel))
    for (const stream of WAYS) {
      const { answer } = await matrix.exchange({ client, channel, body: ASKS[client].write(BASE), stream, script })
      expect(tokensIn(client, hear(client, answer.text, stream).usage)).toEqual(tokensFor(client, channel))
      const [row] = await matrix.gateway.rows()
      expect(row).toMatchObject({ protocol: client, channelProtocol: channel, usage: tokensFrom(channel) })
    }
  })
})

const THOUGHT = 'Which zone?'

/** What only its maker can read, as the vendors' doubles send it; Chat has none. */
const SIGNATURES: Readonly<Record<ProtocolId, string | null>> = {
  anthropic: anthropicSignature(THOUGHT),
  'openai-chat': null,
  'openai-responses': ENCRYPTED_REASONING,
  gemini: THOUGHT_SIGNATURE
}

/** A success ends what a failure did to the channel's health. */
async function recover(client: ProtocolId, channel: ProtocolId): Promise<void> {
  const script = says(vendorOf(channel), { text: 'better' })
  const { answer } = await matrix.exchange({ client, channel, body: ASKS[client].write(BASE), stream: false, script })
  expect(answer.status).toBe(200)
}
