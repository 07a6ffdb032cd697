import { calls } from '../../shared/contract'
import { badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'

function checkPeriod({ from, to }: { readonly from: number; readonly to: number }): void {
  if (from >= to) throw badArguments([{ path: 'to', message: 'must be later than from' }])
}

/** Figures: of requests, caches, sessions, the log writer and the channels' health. */
export function statsCalls({ config, logs, health, affinity }: ApiDependencies) {
  return {
    'stats.overview': implement(calls['stats.overview'], (period) => {
      checkPeriod(period)
      return logs.overview(period)
    }),
    'stats.timeseries': implement(calls['stats.timeseries'], async (query) => {
      checkPeriod(query)
      return { buckets: [...(await logs.timeseries(query))] }
    }),
    'stats.cache': implement(calls['stats.cache'], () => ({ queries: [...config.cacheStats()] })),
    'stats.sessions': implement(calls['stats.sessions'], () => affinity.getCacheStats()),
    'stats.writer': implement(calls['stats.writer'], () => logs.stats(config.databaseBytes())),
    'stats.health': implement(calls['stats.health'], () => ({ channels: health.views(config.channels()) })),
    'cache.clear': implement(calls['cache.clear'], () => {
      config.clearAllCaches()
      return { ok: true as const }
    }),
    'sessions.list': implement(calls['sessions.list'], ({ limit }) => ({
      sessions: affinity.list(limit),
      total: affinity.getCacheStats().size
    })),
    'sessions.clear': implement(calls['sessions.clear'], ({ key }) => ({ cleared: affinity.clear(key) }))
  }
}
