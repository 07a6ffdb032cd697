import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../support/fake-clock'
import { advanceUntil } from '../support/time'
import { startTwoChannels } from '../support/two-channels'
import { anthropic } from '../support/vendors/vendors'

const NODE = join(import.meta.dirname, '../../node_modules/.bin/node')

/** An address that takes no more connections: its process is stopped and its backlog is full. */
async function startDeafServer(): Promise<string> {
  const program = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () { console.log(this.address().port) })`
  const child = spawn(NODE, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  const [line] = (await once(child.stdout, 'data')) as [Buffer]
  const port = Number(line.toString())
  child.kill('SIGSTOP')
  const fillers: Socket[] = []
  onTestFinished(() => fillers.forEach((filler) => filler.destroy()))
  await expect
    .poll(
      () => {
        if (fillers.some((filler) => filler.connecting)) return true
        const filler = connect(port, '127.0.0.1')
        filler.on('error', () => undefined)
        fillers.push(filler)
        return false
      },
      { interval: 50 }
    )
    .toBe(true)
  return `http://127.0.0.1:${port}`
}

test.runIf(process.platform === 'linux')('B06 a connection that does not come about in 10 s fails over', async () => {
  const clock = new FakeClock(Date.now())
  const { second, gateway } = await startTwoChannels(anthropic, {
    clock,
    firstChannel: { baseUrl: await startDeafServer() }
  })
  const exchange = gateway.ask(anthropic)
  await expect.poll(async () => (await gateway.health('first')).inFlight).toBe(1)
  const turned = await advanceUntil(clock, 500, 30_000, () => second.requests.length > 0)
  expect(turned).toBeGreaterThanOrEqual(9_000)
  expect(turned).toBeLessThanOrEqual(12_000)
  expect((await exchange.done).header('x-routex-channel')).toBe('second')
  expect((await gateway.health('first')).failures).toBe(1)
})
