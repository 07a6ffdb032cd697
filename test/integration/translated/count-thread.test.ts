import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, inject, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { startGateway, type GatewayOptions } from '../../support/start-gateway'
import { makeTempDir } from '../../support/temp-dir'
import { anthropic, openaiChat, says } from '../../support/vendors/vendors'

async function start(options: GatewayOptions) {
  const upstream = await startFakeUpstream()
  const config = withChannels([channelOf(openaiChat, upstream, {})])
  const gateway = await startGateway({ ...options, config })
  const count = (text: string) =>
    gateway.send({
      target: '/v1/messages/count_tokens',
      headers: anthropic.headers(gateway.key),
      body: { model: 'claude-opus-4-5', messages: [{ role: 'user', content: text }] }
    }).done
  return { upstream, gateway, count }
}

/** A token worker that holds its thread while it loads, until `go` is there; it counts 1,000 of everything. */
async function heldWorker() {
  const dir = await makeTempDir()
  const [file, go] = [join(dir, 'held.mjs'), join(dir, 'go')]
  writeFileSync(
    file,
    `import { existsSync } from 'node:fs'
    import { parentPort } from 'node:worker_threads'
    const cell = new Int32Array(new SharedArrayBuffer(4))
    while (!existsSync(${JSON.stringify(go)})) Atomics.wait(cell, 0, 0, 5)
    parentPort.on('message', ({ id }) => parentPort.postMessage({ id, tokens: 1000 }))`
  )
  return { url: pathToFileURL(file), release: () => writeFileSync(go, '') }
}

test('B26 while the tokenizer is loaded for the first estimate, other requests are answered', async () => {
  const { url, release } = await heldWorker()
  const { upstream, gateway, count } = await start({ tokenWorkerUrl: url })
  const order: string[] = []
  const counted = count('Hello').then((answer) => {
    order.push('count')
    return answer
  })
  upstream.always(says(openaiChat, { text: 'Hello' }))
  expect((await gateway.ask(openaiChat, { stream: true }).done).status).toBe(200)
  order.push('answer')
  release()
  const { status, body } = await counted
  expect(order).toEqual(['answer', 'count'])
  expect([status, JSON.parse(body.toString())]).toEqual([200, { input_tokens: 1356 }])
})

test('B26 an estimate comes from the thread that is built with the program', async () => {
  const { gateway, count } = await start({ tokenWorkerUrl: new URL(inject('tokenWorkerUrl')) })
  const { status, body } = await count('word '.repeat(1000))
  expect(status).toBe(200)
  const { input_tokens: tokens } = JSON.parse(body.toString()) as { readonly input_tokens: number }
  expect(tokens).toBeGreaterThan(1350)
  expect(tokens).toBeLessThan(1370)
  expect(gateway.logged.filter((line) => line.includes('token worker'))).toEqual([])
})

test('B26 a thread that fails gives a rough estimate, on the safe side, which is logged', async () => {
  const { gateway, count } = await start({ tokenWorkerUrl: new URL('file:///no/such/worker.mjs') })
  const { status, body } = await count('word '.repeat(1000))
  expect(status).toBe(200)
  expect(JSON.parse(body.toString())).toMatchObject({ input_tokens: expect.closeTo(2260, -1) as number })
  expect(gateway.logged.some((line) => line.includes('the token worker failed'))).toBe(true)
})
