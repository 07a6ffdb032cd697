import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { stream } from '../support/scripts'
import { startHeadless } from '../support/start-headless'
import { anthropic, openaiChat, says } from '../support/vendors/vendors'

/** No file of the process may grow over this, KiB: writes fail with EFBIG as they would with ENOSPC. */
const LIMIT_KIB = 512

test.runIf(process.platform === 'linux')(
  'a full disk keeps serving: rows wait in memory, the writer says what is wrong, and with room again every row is there',
  async () => {
    const upstream = await startFakeUpstream()
    upstream.always(says(openaiChat, { text: 'fine' }))
    const { gateway, pid } = await startHeadless({
      config: withChannels([channelOf(openaiChat, upstream)]),
      shell: `trap '' XFSZ; ulimit -S -f ${LIMIT_KIB}`
    })
    const ask = async (count: number): Promise<number> =>
      (await gateway.ask(openaiChat, { prompt: `request ${count}`, model: `model-${'x'.repeat(150)}` }).done).status
    const writer = () => gateway.call('stats.writer', {})
    const statuses: number[] = []
    while ((await writer()).waitingInMemory === 0 && statuses.length < 6000) {
      statuses.push(...(await Promise.all(Array.from({ length: 50 }, (_, index) => ask(statuses.length + index)))))
    }
    statuses.push(await ask(-1))
    expect(new Set(statuses)).toEqual(new Set([200]))
    const full = await writer()
    expect(full.waitingInMemory).toBeGreaterThan(0)
    expect(full.lastError).toBeTruthy()
    expect((await gateway.send({ target: '/health' }).done).status).toBe(200)

    execFileSync('prlimit', [`--pid=${pid}`, '--fsize=unlimited'])
    await expect.poll(writer, { timeout: 10_000 }).toMatchObject({ waitingInMemory: 0, dropped: 0, lastError: null })
    const totals = await gateway.call('stats.overview', { from: Date.now() - 86_400_000, to: Date.now() + 86_400_000 })
    expect(totals.requests).toBe(statuses.length)
  }
)

test.runIf(process.platform === 'linux')(
  'a full disk refuses a new channel with a clear error, and takes it once there is room',
  async () => {
    const { gateway, pid } = await startHeadless({ shell: `trap '' XFSZ` })
    const channel = channelOf(openaiChat, 'https://api.openai.com/v1', { name: 'new' })
    execFileSync('prlimit', [`--pid=${pid}`, '--fsize=1:unlimited'])
    await expect(gateway.call('channels.create', channel)).rejects.toMatchObject({
      status: expect.any(Number) as number
    })
    expect((await gateway.send({ target: '/health' }).done).status).toBe(200)
    execFileSync('prlimit', [`--pid=${pid}`, '--fsize=unlimited'])
    expect(await gateway.call('channels.create', channel)).toMatchObject({ name: 'new', hasCredential: true })
  }
)

/** A gateway with a stream under way. */
async function startWithOpenStream() {
  const upstream = await startFakeUpstream()
  const gate = Promise.withResolvers<undefined>()
  const events = anthropic.events({ text: 'one two three' })
  upstream.next(stream([...events.slice(0, 4), gate.promise, ...events.slice(4)]))
  const config = withChannels([channelOf(anthropic, upstream)])
  const running = await startHeadless({ config, shell: `trap '' XFSZ` })
  const open = running.gateway.ask(anthropic, { stream: true })
  await open.until('text_delta')
  const finish = async (): Promise<string> => {
    gate.resolve(undefined)
    return (await open.done).text
  }
  return { ...running, config, whole: events.join(''), finish }
}

test.runIf(process.platform === 'linux')(
  'a full disk: a bad config file is shown, a pause begins and ends, and no stream is cut',
  async () => {
    const { gateway, pid, stderr, whole, finish } = await startWithOpenStream()
    await gateway.writeConfig('{ oops')
    execFileSync('prlimit', [`--pid=${pid}`, '--fsize=1:unlimited'])
    const status = () => gateway.call('gateway.status', {})
    await expect.poll(status).toMatchObject({ configError: expect.stringContaining('line 1') as string })
    expect(await gateway.call('gateway.setState', { state: 'paused' })).toMatchObject({ state: 'paused' })
    expect(await gateway.call('gateway.setState', { state: 'on' })).toMatchObject({ state: 'on' })
    expect(await finish()).toBe(whole)
    expect((await gateway.send({ target: '/health' }).done).status).toBe(200)
    expect(stderr()).not.toContain('nothing caught')
  }
)

test.runIf(process.platform === 'linux')(
  'without a file descriptor left the config file in force stays, the error is shown, and goes with its cause',
  async () => {
    const { gateway, pid, config, stderr, whole, finish } = await startWithOpenStream()
    await expect.poll(() => gateway.call('gateway.status', {})).toMatchObject({ configError: null })
    await gateway.writeConfig({ ...config, settings: { strategy: 'round_robin' } })
    execFileSync('prlimit', [`--pid=${pid}`, '--nofile=3:'])
    await expect.poll(stderr, { timeout: 5000 }).toContain('too many files')
    execFileSync('prlimit', [`--pid=${pid}`, '--nofile=4096:'])
    await expect
      .poll(() => gateway.call('settings.get', {}), { timeout: 10_000 })
      .toMatchObject({
        settings: { strategy: 'round_robin' }
      })
    expect(await gateway.call('gateway.status', {})).toMatchObject({ configError: null })
    expect(await finish()).toBe(whole)
    expect((await gateway.send({ target: '/health' }).done).status).toBe(200)
  }
)
