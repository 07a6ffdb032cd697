import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { z } from 'zod'
import { startGateway } from './gateway.ts'
import { closedLoop } from './load.ts'
import { SMALL, warmUp, workOf } from './scenarios.ts'
import { percent, table } from './table.ts'

const cpuProfile = z.object({
  nodes: z.array(
    z.object({
      id: z.number(),
      callFrame: z.object({ functionName: z.string(), url: z.string(), lineNumber: z.number() })
    })
  ),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number())
})
type CpuProfile = z.infer<typeof cpuProfile>

const ROOT = join(import.meta.dirname, '..')
const TOP = 40

/** Where the gateway's time goes under load, by V8's own sampling: each thread's groups and top functions by self time. */
export async function profileGateway(
  upstreamPort: number,
  nodeFlags: readonly string[],
  seconds: number
): Promise<string> {
  const dir = mkdtempSync(join(tmpdir(), 'routex-bench-profile-'))
  try {
    const flags = [...nodeFlags, '--cpu-prof', `--cpu-prof-dir=${dir}`]
    const gateway = await startGateway({ upstreamPort, nodeFlags: flags })
    await warmUp([gateway], 2)
    await closedLoop(workOf(gateway, SMALL), { connections: 16, until: { seconds } })
    await gateway.running.stop()
    const profiles = readdirSync(dir)
      .toSorted()
      .map((file) => cpuProfile.parse(JSON.parse(readFileSync(join(dir, file), 'utf8'))))
    return profiles.map((profile, thread) => `Thread ${thread}\n\n${profileTables(profile)}`).join('\n\n')
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

function profileTables({ nodes, samples, timeDeltas }: CpuProfile): string {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]))
  const byGroup = new Map<string, number>()
  const byFunction = new Map<string, number>()
  let busy = 0
  for (const [index, id] of samples.entries()) {
    const frame = frames.get(id)
    if (frame === undefined || frame.functionName === '(idle)' || frame.functionName === '(root)') continue
    const time = timeDeltas[index] ?? 0
    const place = frame.url === '' ? '' : ` ${placeOf(frame.url)}:${frame.lineNumber + 1}`
    busy += time
    add(byGroup, groupOf(frame.functionName, frame.url), time)
    add(byFunction, `${frame.functionName || '(anonymous)'}${place}`, time)
  }
  return [byGroup, byFunction].map((counts) => sharesTable(counts, busy)).join('\n\n')
}

function add(counts: Map<string, number>, name: string, time: number): void {
  counts.set(name, (counts.get(name) ?? 0) + time)
}

function sharesTable(counts: ReadonlyMap<string, number>, all: number): string {
  const top = [...counts].toSorted(([, a], [, b]) => b - a).slice(0, TOP)
  return table(
    ['self time', 'share'],
    top.map(([name, time]) => [name, percent(time / all, 1)])
  )
}

const placeOf = (url: string): string => (url.startsWith('file://') ? relative(ROOT, new URL(url).pathname) : url)

function groupOf(name: string, url: string): string {
  if (name.startsWith('(')) return name
  if (url.startsWith('node:')) return url.split('/')[0] ?? url
  const dependency = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1]
  if (dependency !== undefined) return dependency
  return url.includes('/out/main/') ? 'Routex' : 'native'
}
