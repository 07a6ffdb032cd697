import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { expect, inject, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import type {} from '../../../test/support/log-worker' // what 'tokenWorkerUrl' is
import { silentLogger } from '../../../test/support/silent-logger'
import { makeTempDir } from '../../../test/support/temp-dir'
import { TokenCounter } from './token-counter'

const BUILT = new URL(inject('tokenWorkerUrl'))

function setup(workerUrl = BUILT) {
  const clock = new FakeClock()
  const logger = silentLogger()
  const threads: Worker[] = []
  const ended: number[] = []
  const startThread = (url: URL): Worker => {
    const number = threads.length
    const thread = new Worker(url)
    thread.once('exit', () => ended.push(number))
    threads.push(thread)
    return thread
  }
  const counter = new TokenCounter({ workerUrl, startThread, clock, logger })
  onTestFinished(() => counter.close())
  return { counter, clock, logger, threads, ended }
}

/** A worker of these lines. */
async function workerOf(source: string): Promise<URL> {
  const file = join(await makeTempDir(), 'worker.mjs')
  writeFileSync(file, `import { parentPort } from 'node:worker_threads'\n${source}`)
  return pathToFileURL(file)
}

test('counts short and long texts together, in one thread, which starts at the first', async () => {
  const { counter, threads } = setup()
  expect(threads).toHaveLength(0)
  const [few, many, none] = await Promise.all([
    counter.count(['Hello world', '!', '']),
    counter.count(['word '.repeat(100_000)]),
    counter.count([])
  ])
  expect([few, none]).toEqual([3, 0])
  expect(many).toBeGreaterThan(99_000)
  expect(many).toBeLessThan(101_000)
  expect(threads).toHaveLength(1)
})

test('a thread that nobody asks for two minutes ends, and the next count has another', async () => {
  const { counter, clock, threads, ended, logger } = setup()
  await counter.count(['Hello'])
  clock.advance(119_000)
  await counter.count(['Hello'])
  clock.advance(119_000)
  expect(await counter.count(['Hello'])).toBe(1)
  expect([threads.length, ended]).toEqual([1, []])
  clock.advance(120_000)
  await expect.poll(() => ended).toEqual([0])
  expect(await counter.count(['Hello'])).toBe(1)
  expect(threads).toHaveLength(2)
  expect(logger.lines).toEqual([])
})

test('what a thread that fails was to count is counted roughly and logged, and the next one gets the next', async () => {
  const { counter, threads, logger } = setup(
    await workerOf(`parentPort.on('message', () => { throw new Error('broken') })`)
  )
  expect(await counter.count(['a text of 24 bytes, yes'])).toBe(8)
  expect(logger.lines.map(({ level }) => level)).toEqual(['error', 'warn'])
  expect(await counter.count(['四个汉字'])).toBe(4)
  expect(threads).toHaveLength(2)
})

test('so is what a thread that ends by itself was to count, and one that can not start', async () => {
  const left = setup(await workerOf(`parentPort.on('message', () => process.exit(0))`))
  expect(await left.counter.count(['123'])).toBe(1)
  const missing = setup(new URL('./no-such-worker.mjs', BUILT))
  expect(await missing.counter.count(['123456'])).toBe(2)
})

test('closing ends the thread and what it still counts, and starts no other', async () => {
  const { counter, threads, ended } = setup(await workerOf(`parentPort.on('message', () => undefined)`))
  const counting = counter.count(['123'])
  await counter.close()
  expect(await counting).toBe(1)
  expect(ended).toEqual([0])
  expect(await counter.count(['123'])).toBe(1)
  expect(threads).toHaveLength(1)
})
