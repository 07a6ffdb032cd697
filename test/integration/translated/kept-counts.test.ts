import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { json } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { anthropic, openaiResponses, says } from '../../support/vendors/vendors'

const CLAUDE = 'claude-sonnet-4-5'
const GPT = 'gpt-5-mini'

/** A channel that keeps no answers, one of OpenAI’s own that counts, and an answer that is kept here. */
async function start() {
  const keepsNone = await startFakeUpstream()
  keepsNone.always(says(anthropic, { text: 'Two.' }))
  const own = await startFakeUpstream()
  own.always(json(200, { object: 'response.input_tokens', input_tokens: 55 }))
  const gateway = await startGateway({
    config: withChannels([
      channelOf(anthropic, keepsNone, { models: [CLAUDE] }),
      channelOf(openaiResponses, own, { name: 'own', models: [GPT] })
    ])
  })
  const ask = (body: object) => gateway.ask(openaiResponses, { body: { model: CLAUDE, store: true, ...body } }).done
  const count = (body: object) =>
    gateway.send({ target: '/v1/responses/input_tokens', headers: openaiResponses.headers(gateway.key), body }).done
  const kept = (await ask({ input: 'One and one?' })).json() as {
    readonly id: string
    readonly output: readonly { readonly id: string }[]
  }
  return { keepsNone, own, ask, count, kept, item: kept.output[0]?.id ?? '' }
}

test('a count is of the conversation that a kept answer ends, by a channel of OpenAI’s own', async () => {
  const { own, count, kept, item } = await start()
  const answer = await count({ model: GPT, previous_response_id: kept.id, input: 'And?' })
  expect([answer.status, answer.json()]).toEqual([200, { object: 'response.input_tokens', input_tokens: 55 }])
  expect(String(own.requests.at(-1)?.body)).toMatch(/One and one\?.*Two\..*And\?/s)
  expect(String(own.requests.at(-1)?.body)).not.toContain(kept.id)
  await count({ model: GPT, input: [{ type: 'item_reference', id: item }] })
  expect(String(own.requests.at(-1)?.body)).toContain('Two.')
})

test('so it is by a channel of another protocol', async () => {
  const { keepsNone, count, kept } = await start()
  keepsNone.always(json(200, { input_tokens: 7 }))
  const answer = await count({ model: CLAUDE, previous_response_id: kept.id, input: 'And?' })
  expect([answer.status, answer.json()]).toEqual([200, { object: 'response.input_tokens', input_tokens: 7 }])
  expect(String(keepsNone.requests.at(-1)?.body)).toMatch(/One and one\?.*Two\..*And\?/s)
})

test('so is an estimate, where no channel counts', async () => {
  const { keepsNone, count, kept } = await start()
  keepsNone.always(json(404, {}))
  const tokensOf = async (body: object) => {
    const answer = await count({ model: CLAUDE, ...body })
    expect([answer.status, answer.header('x-routex-estimated')]).toEqual([200, 'true'])
    return (answer.json() as { readonly input_tokens: number }).input_tokens
  }
  const alone = await tokensOf({ input: 'And?' })
  expect(await tokensOf({ previous_response_id: kept.id, input: 'And?' })).toBeGreaterThan(alone)
})

test('a count keeps nothing, so that the next turn goes on from the answer as it was', async () => {
  const { keepsNone, ask, count, kept } = await start()
  await count({ model: GPT, previous_response_id: kept.id, input: 'Only counted.' })
  await ask({ previous_response_id: kept.id, input: 'And ten?' })
  expect(String(keepsNone.requests.at(-1)?.body)).toMatch(/One and one\?.*Two\..*And ten\?/s)
  expect(String(keepsNone.requests.at(-1)?.body)).not.toContain('Only counted.')
})
