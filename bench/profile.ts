import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { z } from 'zod'
import { startGateway } from './gateway.ts'
import { closedLoop } from './closed-loop.ts'
import { workOf, type Exchange } from './scenarios.ts'
import { figure, table } from './table.ts'
import { startBareRelay, type Target } from './targets.ts'
import { temporaryFolder } from './temporary-folder.ts'

const cpuProfile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() })
    })
  ),
  /** Monotonic, µs, on the clock of process.hrtime. */
  startTime: z.number(),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number())
})
type CpuProfile = z.infer<typeof cpuProfile>

interface Sample {
  readonly node: number
  readonly time: number
}

const ROOT = join(import.meta.dirname, '..')
const TOP = 40
const SECONDS = 10
const WARM_UP_SECONDS = 3
const CONNECTIONS = 16

/** Self time by V8's own sampling, µs a request, of one thread. */
interface ThreadProfile {
  readonly name: string
  readonly groups: ReadonlyMap<string, number>
  readonly functions: ReadonlyMap<string, number>
}

/** Where the CPU time of a request goes, in each thread of Routex and, beside it, in the bare relay. */
export async function profileRelays(
  upstreamPort: number,
  nodeFlags: readonly string[],
  exchange: Exchange
): Promise<string> {
  const bare = await profileOf('bare relay', exchange, (flags) =>
    startBareRelay(upstreamPort, [...nodeFlags, ...flags])
  )
  const routex = await profileOf('Routex', exchange, (flags) =>
    startGateway({ upstreamPort, nodeFlags: [...nodeFlags, ...flags] })
  )
  const threads = [...bare, ...routex]
  return [groupsTable(threads), ...threads.map(functionsTable)].join('\n\n')
}

async function profileOf(
  name: string,
  exchange: Exchange,
  startTarget: (flags: readonly string[]) => Promise<Target>
): Promise<readonly ThreadProfile[]> {
  const dir = temporaryFolder('profile')
  const target = await startTarget(['--cpu-prof', `--cpu-prof-dir=${dir}`])
  const load = { connections: CONNECTIONS, until: { seconds: SECONDS } }
  await closedLoop(workOf(target, exchange), { ...load, until: { seconds: WARM_UP_SECONDS } })
  const from = monotonicMicroseconds()
  const { latencies } = await closedLoop(workOf(target, exchange), load)
  const to = monotonicMicroseconds()
  await endGently(target)
  return readdirSync(dir)
    .toSorted()
    .map((file, thread) => {
      const profile = cpuProfile.parse(JSON.parse(readFileSync(join(dir, file), 'utf8')))
      const during = within(profile, from, to)
      return threadProfile(`${name}, thread ${thread}`, profile.nodes, during, latencies.length)
    })
}

/** The profile is written at the exit; the relay exits by itself when its stdin ends, the gateway when it is asked to. */
async function endGently(target: Target): Promise<void> {
  const { running } = target
  if (running === null) return
  if (target.name === 'bare relay') {
    const gone = once(running.child, 'exit')
    running.child.stdin?.end()
    await gone
  }
  await running.stop()
}

const monotonicMicroseconds = (): number => Number(process.hrtime.bigint() / 1000n)

/** The samples of the load alone, without start, warm-up and end: each with its time, µs. */
function within({ startTime, samples, timeDeltas }: CpuProfile, from: number, to: number): readonly Sample[] {
  let at = startTime
  const during: Sample[] = []
  for (const [index, node] of samples.entries()) {
    const time = timeDeltas[index] ?? 0
    at += time
    if (at >= from && at <= to) during.push({ node, time })
  }
  return during
}

function threadProfile(
  name: string,
  nodes: CpuProfile['nodes'],
  samples: readonly Sample[],
  requests: number
): ThreadProfile {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const groups = new Map<string, number>()
  const functions = new Map<string, number>()
  for (const { node, time: whole } of samples) {
    const frame = frames.get(node)
    if (frame === undefined || frame.functionName === '(idle)' || frame.functionName === '(root)') continue
    const time = whole / requests
    const place = frame.url === '' ? '' : ` ${placeOf(frame.url)}:${frame.lineNumber + 1}`
    add(groups, groupOf(frame.functionName, frame.url), time)
    add(functions, `${frame.functionName || '(anonymous)'}${place}`, time)
  }
  return { name, groups, functions }
}

function add(counts: Map<string, number>, name: string, time: number): void {
  counts.set(name, (counts.get(name) ?? 0) + time)
}

function groupsTable(threads: readonly ThreadProfile[]): string {
  const names = [...new Set(threads.flatMap(({ groups }) => [...groups.keys()]))]
  const most = (name: string): number => Math.max(...threads.map(({ groups }) => groups.get(name) ?? 0))
  const rows = names
    .toSorted((a, b) => most(b) - most(a))
    .slice(0, TOP)
    .map((name) => [name, ...threads.map(({ groups }) => figure(groups.get(name), 1))])
  const sums = threads.map(({ groups }) =>
    figure(
      [...groups.values()].reduce((sum, time) => sum + time, 0),
      1
    )
  )
  return table(['self time, µs a request', ...threads.map(({ name }) => name)], [...rows, ['all', ...sums]])
}

function functionsTable({ name, functions }: ThreadProfile): string {
  const top = [...functions].toSorted(([, a], [, b]) => b - a).slice(0, TOP)
  return table(
    [name, 'µs a request'],
    top.map(([place, time]) => [place, figure(time, 1)])
  )
}

const placeOf = (url: string): string => (url.startsWith('file://') ? relative(ROOT, new URL(url).pathname) : url)

function groupOf(name: string, url: string): string {
  if (name.startsWith('(')) return name
  if (url.startsWith('node:')) return url.split('/')[0] ?? url
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  if (dependency !== undefined) return dependency
  if (url.includes('/out/main/')) return 'Routex'
  return url === '' ? 'native' : 'bare relay'
}
