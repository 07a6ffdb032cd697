import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ANSWER_FEATURES, tokensFrom } from '../support/matrix/answer-features'
import type { Feature } from '../support/matrix/feature'
import { startMatrix, vendorOf, type MatrixGateway } from '../support/matrix/gateway'
import { kindOfAnswer, kindOfRequest, worse } from '../support/matrix/observe'
import { outcomeOf, PAIRS } from '../support/matrix/outcomes'
import { REQUEST_FEATURES } from '../support/matrix/request-features'
import { tableOf } from '../support/matrix/table'
import { ASKS, type Body } from '../support/vendors/asks/ask'
import { hear } from '../support/vendors/heard/heard'
import { says } from '../support/vendors/vendors'

let matrix: MatrixGateway
beforeAll(async () => {
  matrix = await startMatrix(afterAll)
})

const table = tableOf()
afterAll(() => table.print())

const features: readonly Feature[] = [...REQUEST_FEATURES, ...ANSWER_FEATURES]

describe.each(PAIRS)('a client of $client on a channel of $channel', ({ client, channel }) => {
  test.each(features)('$name', async (feature) => {
    const expected = outcomeOf(feature.name, client, channel)
    const ask = feature.ask(client)
    if (ask === null) {
      expect(expected.kind).toBe('not said')
      return
    }
    for (const stream of [false, true]) {
      const content = feature.answer(channel)
      const vendor = vendorOf(channel)
      const exchanged = await matrix.exchange(client, channel, ASKS[client].write(ask), stream, says(vendor, content))
      const { arrived, answer, losses, complaints, sent } = exchanged
      expect(complaints).toEqual([])
      expect(answer.status, answer.text).toBe(200)
      expect(answer.complete).toBe(true)
      const read = ASKS[channel].read(JSON.parse(arrived?.body.toString() ?? '{}') as Body)
      const heard = hear(client, answer.text, stream)
      const kind = worse(kindOfRequest(feature, ask, read), kindOfAnswer(feature, client, heard))
      table.put(feature.name, client, channel, kind)
      expect({ kind, losses }).toEqual({ kind: expected.kind, losses: [...expected.losses].sort() })
      expect(heard.model).toBe(vendor.model)
      if (client !== channel) continue
      expect(arrived?.body.equals(sent), 'B13 the request’s bytes').toBe(true)
      const own = stream ? vendor.events(content).join('') : JSON.stringify(vendor.answer(content))
      expect(answer.text, 'B13 the answer’s bytes').toBe(own)
    }
  })
})

test.each(PAIRS)(
  'B31 the log counts a channel of $channel alike for a client of $client',
  async ({ client, channel }) => {
    const usage = features.find(({ name }) => name === 'usage')
    const content = usage?.answer(channel) ?? { text: '' }
    const ask = usage?.ask(client) ?? { turns: [] }
    await matrix.exchange(client, channel, ASKS[client].write(ask), true, says(vendorOf(channel), content))
    const [row] = await matrix.gateway.rows()
    expect(row).toMatchObject({ protocol: client, channelProtocol: channel, usage: tokensFrom(channel) })
  }
)
