import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ANSWER_FEATURES } from '../support/matrix/answer-features'
import { startMatrix, vendorOf, type MatrixGateway } from '../support/matrix/gateway'
import { nextTurn } from '../support/matrix/next-turn'
import { PAIRS } from '../support/matrix/outcomes'
import { BASE, TOOLS } from '../support/matrix/request-features'
import { ASKS, type Body } from '../support/vendors/asks/ask'
import { says } from '../support/vendors/vendors'

let matrix: MatrixGateway
beforeAll(async () => {
  matrix = await startMatrix(afterAll)
})

const away = PAIRS.filter(({ client, channel }) => client !== channel)
const thinking = ANSWER_FEATURES.find(({ name }) => name === 'thinking')

/**
 * A conversation that began on a channel of another protocol and goes on at one of its own holds thoughts that another vendor
 * signed. Its own would refuse them.
 */
describe.each(away)('a client of $client that comes home from a channel of $channel', ({ client, channel }) => {
  test('B14 brings nothing along that its own vendor would refuse', async () => {
    const wish = thinking?.ask(client)?.thinking
    const asked = ASKS[client].write({ ...BASE, tools: TOOLS, ...(wish !== undefined && { thinking: wish }) })
    const content = { text: 'I look.', thinking: 'Which zone?', tool: { name: 'clock', arguments: { zone: 'UTC' } } }
    const script = says(vendorOf(channel), content)
    const abroad = await matrix.exchange({ client, channel, body: asked, stream: false, script })
    const body = nextTurn(client, asked, abroad.answer.json() as Body, 'Noon.')
    const home = says(vendorOf(client), { text: 'Noon.' })
    const { complaints, arrived, answer } = await matrix.exchange({
      client,
      channel: client,
      body,
      stream: false,
      script: home,
      // One that takes the effort that the client asks for.
      ...(client === 'openai-chat' && { model: 'o3' })
    })
    expect(complaints).toEqual([])
    expect(answer.status).toBe(200)
    const sent = arrived?.body.toString() ?? ''
    expect(sent).not.toMatch(/routex|cm91dGV4O/)
    expect(sent).toContain('I look.')
    expect(sent).toContain('Noon.')
  })
})
