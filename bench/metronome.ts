/**
 * Beats a fixed rate from a thread of its own: a timer of the event loop is a millisecond coarse, which is as much as
 * what is to be measured. The thread sleeps between two beats.
 */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'

interface Beat {
  /** System-wide monotonic time of beat 0, ns. */
  readonly startNs: bigint
  readonly intervalMs: number
  readonly beats: number
}

/** How long before the first beat the thread is started, ms. */
const LEAD_MS = 100

/**
 * Calls `onBeat` with 0…beats-1 and the moment when each was due (performance.now() of the caller, ms), as near to it as
 * the system wakes the thread. Resolves after the last.
 */
export function beat(
  ratePerSecond: number,
  beats: number,
  onBeat: (index: number, dueAt: number) => void
): Promise<void> {
  const intervalMs = 1000 / ratePerSecond
  const startAt = performance.now() + LEAD_MS
  const startNs = process.hrtime.bigint() + BigInt(LEAD_MS * 1_000_000)
  const data: Beat = { startNs, intervalMs, beats }
  const worker = new Worker(new URL(import.meta.url), { workerData: data })
  worker.on('message', (index: number) => onBeat(index, startAt + index * intervalMs))
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', () => resolve())
  })
}

function run({ startNs, intervalMs, beats }: Beat): void {
  const never = new Int32Array(new SharedArrayBuffer(4))
  for (let index = 0; index < beats; index++) {
    const sinceStart = Number(process.hrtime.bigint() - startNs) / 1e6
    const wait = index * intervalMs - sinceStart
    if (wait > 0) Atomics.wait(never, 0, 0, wait)
    parentPort?.postMessage(index)
  }
}

if (!isMainThread) run(workerData as Beat)
