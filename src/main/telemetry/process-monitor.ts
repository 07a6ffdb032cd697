import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Clock, Stop } from '../../shared/ports'
import type { ProcessStats } from '../../shared/stats'

/** How often the event loop is looked at, ms. What it records holds this wait itself. */
const RESOLUTION_MS = 10
/** Nobody has asked for so long: looking on would only cost. */
const FORGOTTEN_MS = 60_000
const NANOSECONDS = 1_000_000

type DelayHistogram = ReturnType<typeof monitorEventLoopDelay>

export interface ProcessMonitorOptions {
  readonly clock: Clock
  readonly dataDir: string
  /** Of Routex itself and of what it carries; the runtime's own are added. */
  readonly versions: Readonly<Record<string, string>>
}

const delayOf = (nanoseconds: number): number => Math.max(0, nanoseconds / NANOSECONDS - RESOLUTION_MS)

function runtimeVersions(): Record<string, string> {
  const names = ['node', 'electron', 'chrome', 'v8']
  return Object.fromEntries(names.flatMap((name) => (process.versions[name] ? [[name, process.versions[name]]] : [])))
}

/** The program's own memory, CPU time and event loop, from one question to the next. */
export class ProcessMonitor {
  readonly #options: ProcessMonitorOptions
  #cpu: { readonly usage: NodeJS.CpuUsage; readonly at: number } | null = null
  #delay: DelayHistogram | null = null
  #stopForgetting: Stop | null = null

  constructor(options: ProcessMonitorOptions) {
    this.#options = options
  }

  /** The first question begins the sampling of the event loop; a minute without one ends it. */
  stats(): ProcessStats {
    const { dataDir, versions } = this.#options
    const { rss, heapUsed } = process.memoryUsage()
    return {
      uptimeMs: process.uptime() * 1000,
      rssBytes: rss,
      heapUsedBytes: heapUsed,
      cpuShare: this.#cpuShare(),
      eventLoop: this.#eventLoop(),
      dataDir,
      versions: { ...versions, ...runtimeVersions() }
    }
  }

  /** Ends the sampling; a later question begins it again. */
  stop(): void {
    this.#stopForgetting?.()
    this.#stopForgetting = null
    this.#delay?.disable()
    this.#delay = null
    this.#cpu = null
  }

  #cpuShare(): number | null {
    const before = this.#cpu
    const at = this.#options.clock.monotonic()
    this.#cpu = { usage: process.cpuUsage(), at }
    if (before === null || at <= before.at) return null
    const { user, system } = process.cpuUsage(before.usage)
    return (user + system) / 1000 / (at - before.at)
  }

  #eventLoop(): ProcessStats['eventLoop'] {
    this.#stopForgetting?.()
    this.#stopForgetting = this.#options.clock.after(FORGOTTEN_MS, () => this.stop())
    const delay = this.#delay ?? this.#beginSampling()
    if (delay.count === 0) return { p50Ms: null, p99Ms: null, maxMs: null }
    const figures = {
      p50Ms: delayOf(delay.percentile(50)),
      p99Ms: delayOf(delay.percentile(99)),
      maxMs: delayOf(delay.max)
    }
    delay.reset()
    return figures
  }

  #beginSampling(): DelayHistogram {
    this.#delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
    this.#delay.enable()
    return this.#delay
  }
}
