import { describe, expect, it } from 'vitest'
import { aims } from './aims.ts'
import type { Results } from './results.ts'
import { SMALL } from './scenarios.ts'

const NOTHING: Results = {
  at16: null,
  at100: null,
  streams: null,
  large: null,
  latency: null,
  firstContent: null,
  longRuns: [],
  slowStreams: [],
  accounts: [],
  fieldRuns: []
}

function withLatency(bareP99: number, ownP99: number, lateness: number): Results {
  const row = (name: 'bare relay' | 'Routex', p99: number) => ({
    name,
    whole: { p50: 1, p95: 2, p99, samples: 100 },
    firstContent: null,
    cpuShare: null,
    failures: []
  })
  const late = { p50: 0, p95: 0, p99: lateness, samples: 100 }
  const rows = [row('bare relay', bareP99), row('Routex', ownP99)]
  return { ...NOTHING, latency: { exchange: SMALL, ratePerSecond: 500, rows, lateness: late } }
}

const p99Of = (results: Results) => aims(results).find(({ aim }) => aim.startsWith('added p99'))

describe('the aims', () => {
  it('are neither met nor missed when nothing was measured', () => {
    expect(aims(NOTHING).filter(({ met }) => met !== null)).toEqual([])
  })

  it('are met under the limit and missed at it', () => {
    expect(p99Of(withLatency(3, 3.9, 0.2))?.met).toBe(true)
    expect(p99Of(withLatency(3, 4, 0.2))?.met).toBe(false)
  })

  it('of latency can not be told when the generator itself was late', () => {
    expect(p99Of(withLatency(233, 118, 164))?.met).toBeNull()
  })
})
