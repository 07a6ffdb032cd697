import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ANSWER_FEATURES } from '../support/matrix/answer-features'
import { OTHER_MODELS, startMatrix, vendorOf, type MatrixGateway } from '../support/matrix/gateway'
import { PAIRS } from '../support/matrix/outcomes'
import { REQUEST_FEATURES } from '../support/matrix/request-features'
import { ASKS } from '../support/vendors/asks/ask'
import { hear } from '../support/vendors/heard/heard'
import { says } from '../support/vendors/vendors'

let matrix: MatrixGateway
beforeAll(async () => {
  matrix = await startMatrix(afterAll)
})

const models = PAIRS.flatMap(({ client, channel }) =>
  client === channel ? [] : (OTHER_MODELS[channel] ?? []).map((model) => ({ client, channel, model }))
)

/** Newer and older models of one vendor take less, or other things, than its usual one (matrix.test.ts). */
describe.each(models)('a client of $client asks $model', ({ client, channel, model }) => {
  test.each([...REQUEST_FEATURES, ...ANSWER_FEATURES])(
    '$name: nothing is sent that it would refuse',
    async (feature) => {
      const ask = feature.ask(client)
      if (ask === null) return
      const script = says(vendorOf(channel), { ...feature.answer(channel), model })
      const body = ASKS[client].write(ask)
      const { complaints, answer } = await matrix.exchange({ client, channel, model, body, stream: true, script })
      expect(complaints).toEqual([])
      expect(answer.status, answer.text).toBe(200)
      expect(hear(client, answer.text, true).model).toBe(model)
    }
  )
})
