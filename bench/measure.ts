import { accounts } from './accounting.ts'
import { fieldRuns } from './compat.ts'
import type { Effort } from './effort.ts'
import { startGateway, type Gateway } from './gateway.ts'
import { longRun, slowStreams } from './memory.ts'
import type { Results } from './results.ts'
import { LARGE, latencyAt, SMALL, STREAM, throughput, warmUp } from './scenarios.ts'
import { nginxVersion, startBareRelay, startNginx, startUpstream, type Target } from './targets.ts'

const STREAM_CONNECTIONS = 16
const LARGE_CONNECTIONS = 4

export interface Measured {
  readonly results: Results
  readonly leftOut: readonly string[]
  /** What broke; empty for a good run. */
  readonly failures: readonly string[]
}

/** Runs every part in turn, as far as the effort's time goes. */
export async function measure(
  effort: Effort,
  nodeFlags: readonly string[],
  progress: (text: string) => void
): Promise<Measured> {
  const run = new Run(effort, progress)
  const short = { ...effort, rounds: 2, seconds: Math.min(2, effort.seconds) }
  const upstream = await startUpstream()
  const upstreamPort = upstream.port
  const gateway = (probe: boolean): Promise<Gateway> => startGateway({ upstreamPort, nodeFlags, probe })
  const bareRelay = (): Promise<Target> => startBareRelay(upstreamPort, nodeFlags)

  // Alone and first: their memory must not carry what other parts left behind.
  const longRuns = []
  const slow = []
  for (const fresh of [bareRelay, () => gateway(false)]) {
    longRuns.push(
      await run.part('memory over many requests', () =>
        during(fresh, (target) => longRun(target, effort.memoryRequests))
      )
    )
    slow.push(await run.part('many slow streams', () => during(fresh, (target) => slowStreams(target, effort))))
  }
  const counted = await run.part('SQL, disk and event loop', () =>
    during(
      () => gateway(true),
      (target) => accounts(target, effort)
    )
  )

  const direct: Target = { ...upstream, running: null }
  const bare = await bareRelay()
  const nginx = nginxVersion() === null ? [] : [await startNginx(upstreamPort)]
  const routex = await gateway(false)
  const targets = [direct, bare, ...nginx, routex]
  progress('warming up')
  await warmUp(targets, effort.warmUpSeconds)
  const results: Results = {
    longRuns: longRuns.filter((one) => one !== null),
    slowStreams: slow.filter((one) => one !== null),
    accounts: counted ?? [],
    at16: await run.part('req/s at 16 connections', () => throughput(targets, SMALL, 16, effort)),
    at100: await run.part('req/s at 100 connections', () => throughput(targets, SMALL, 100, effort)),
    latency: await run.part('latency at a fixed rate', () => latencyAt(targets, SMALL, effort.fixedRate, effort)),
    fieldRuns: (await run.part('ab and wrk', () => fieldRuns(routex, effort))) ?? [],
    firstContent: await run.part('time to the first content event', () =>
      latencyAt(targets, STREAM, effort.streamRate, short)
    ),
    streams: await run.part('streams/s', () => throughput(targets, STREAM, STREAM_CONNECTIONS, short)),
    large: await run.part('1 MB requests', () => throughput(targets, LARGE, LARGE_CONNECTIONS, short))
  }
  for (const target of [bare, ...nginx, routex, upstream]) await target.running?.stop()
  return { results, leftOut: run.leftOut, failures: failuresOf(results) }
}

/** Starts a target for one part alone. */
async function during<Fresh extends Target, T>(
  start: () => Promise<Fresh>,
  part: (target: Fresh) => Promise<T>
): Promise<T> {
  const target = await start()
  try {
    return await part(target)
  } finally {
    await target.running?.stop()
  }
}

/** Keeps to the time. */
class Run {
  readonly leftOut: string[] = []
  readonly #startedAt = performance.now()
  readonly #effort: Effort
  readonly #progress: (text: string) => void

  constructor(effort: Effort, progress: (text: string) => void) {
    this.#effort = effort
    this.#progress = progress
  }

  /** The part's result, or null when its time is over. */
  async part<T>(name: string, measurePart: () => Promise<T>): Promise<T | null> {
    const { limitSeconds } = this.#effort
    if (performance.now() - this.#startedAt > limitSeconds * 1000) {
      this.leftOut.push(`${name} (the run may take ${limitSeconds} s before its last part begins)`)
      return null
    }
    this.#progress(name)
    return measurePart()
  }
}

function failuresOf(results: Results): readonly string[] {
  const { at16, at100, streams, large, latency, firstContent, longRuns, slowStreams, accounts, fieldRuns } = results
  const rows = [at16, at100, streams, large, latency, firstContent].flatMap((result) =>
    (result?.rows ?? []).map(({ name, failures }) => [`${result?.exchange.title ?? ''}, ${name}`, failures] as const)
  )
  const runs = [...longRuns, ...slowStreams].map(({ name, failures }) => [`memory, ${name}`, failures] as const)
  const counts = accounts.map(({ load, failures }) => [`accounting, ${load}`, failures] as const)
  const field = fieldRuns.map(
    ({ command, outcome }) =>
      [command, outcome && outcome.failed > 0 ? [`${outcome.failed} requests failed`] : []] as const
  )
  return [...rows, ...runs, ...counts, ...field].flatMap(([where, failures]) =>
    failures.length === 0 ? [] : [`${where}: ${failures.length} × ${failures[0] ?? ''}`]
  )
}
