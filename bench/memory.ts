import { setTimeout as delay } from 'node:timers/promises'
import type { Effort } from './effort.ts'
import { closedLoop } from './closed-loop.ts'
import type { LoadResult } from './load.ts'
import { messagesRequest, SLOW_DELTAS, SLOW_MODEL, streamBytes } from './payloads.ts'
import { median } from './percentiles.ts'
import { processStats } from './process-stats.ts'
import { SMALL, workOf, type Exchange } from './scenarios.ts'
import type { Target, TargetName } from './targets.ts'

/** After a start, this long passes before its memory counts as idle. */
const IDLE_MS = 4000
const STEPS = 10
const SAMPLE_MS = 200

export interface LongRun {
  readonly name: TargetName
  readonly requests: number
  readonly idleMB: number
  /** RSS after each tenth of the requests. */
  readonly afterMB: readonly number[]
  readonly peakMB: number
  /** How much the second half of the requests added. */
  readonly growthMB: number
  readonly failures: readonly string[]
}

function rssOf(target: Target): number {
  const pid = target.running?.pid
  return pid === undefined ? NaN : (processStats(pid)?.rssMB ?? NaN)
}

/** Memory of a process that was just started, idle, then through many requests at 16 connections. */
export async function longRun(target: Target, requests: number): Promise<LongRun> {
  await delay(IDLE_MS)
  const idleMB = rssOf(target)
  const afterMB: number[] = []
  const failures: string[] = []
  for (let step = 0; step < STEPS; step++) {
    const until = { requests: requests / STEPS }
    const result = await closedLoop(workOf(target, SMALL), { connections: 16, until })
    failures.push(...result.failures)
    afterMB.push(rssOf(target))
  }
  const pid = target.running?.pid
  const peakMB = pid === undefined ? NaN : (processStats(pid)?.peakRssMB ?? NaN)
  const growthMB = (afterMB.at(-1) ?? NaN) - (afterMB[STEPS / 2 - 1] ?? NaN)
  return { name: target.name, requests, idleMB, afterMB, peakMB, growthMB, failures }
}

export interface OpenStreams {
  readonly name: TargetName
  readonly streams: number
  readonly beforeMB: number
  /** Median while all were open. */
  readonly openMB: number
  readonly peakMB: number
  readonly cpuShare: number | null
  readonly failures: readonly string[]
}

const SLOW: Exchange = {
  title: 'slow streams',
  body: messagesRequest({ model: SLOW_MODEL, stream: true, bytes: 2048 }),
  answerBytes: streamBytes(SLOW_MODEL, SLOW_DELTAS),
  streamed: true
}

/** Memory of a process that was just started, with many slow streams at once: all of them are open in the middle third. */
export async function slowStreams(target: Target, { slowStreams: streams }: Effort): Promise<OpenStreams> {
  await delay(IDLE_MS / 2)
  const beforeMB = rssOf(target)
  const samples: number[] = []
  const startedAt = performance.now()
  const cpuBefore = cpuOf(target)
  const timer = setInterval(() => samples.push(rssOf(target)), SAMPLE_MS)
  let result: LoadResult
  try {
    result = await closedLoop(workOf(target, SLOW), { connections: streams, until: { requests: streams } })
  } finally {
    clearInterval(timer)
  }
  const cpuMs = cpuOf(target) - cpuBefore
  const third = Math.floor(samples.length / 3)
  return {
    name: target.name,
    streams,
    beforeMB,
    openMB: median(samples.slice(third, 2 * third)),
    peakMB: Math.max(...samples),
    cpuShare: Number.isNaN(cpuMs) ? null : cpuMs / (performance.now() - startedAt),
    failures: result.failures
  }
}

function cpuOf(target: Target): number {
  const pid = target.running?.pid
  return pid === undefined ? NaN : (processStats(pid)?.cpuMs ?? NaN)
}
