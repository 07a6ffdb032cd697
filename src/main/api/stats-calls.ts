import { calls } from '../../shared/contract'
import { RULES } from '../../shared/rules'
import { ApiError, badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'
import { findChannel } from './find-channel'
import { implement } from './implement'

function checkPeriod({ from, to }: { readonly from: number; readonly to: number }): void {
  if (from >= to) throw badArguments([{ path: 'to', message: RULES.later_than_from }])
}

function unknownQuery(name: string, known: readonly { readonly name: string }[]): ApiError {
  const names = known.map((query) => query.name).join(', ')
  return new ApiError('not_found', `There is no query ${JSON.stringify(name)}; there are ${names}`)
}

/** Figures: of requests, caches, sessions, the log writer and the channels' health. */
export function statsCalls({ config, logs, health, healthHistory, affinity, processStats }: ApiDependencies) {
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
    'stats.process': implement(calls['stats.process'], () => processStats()),
    'stats.health': implement(calls['stats.health'], () => ({ channels: health.views(config.channels()) })),
    'stats.healthHistory': implement(calls['stats.healthHistory'], ({ id }) => ({
      changes: [...healthHistory.of(findChannel(config, id).id)]
    })),
    'cache.clear': implement(calls['cache.clear'], ({ name }) => {
      if (name === undefined) config.clearAllCaches()
      else if (!config.clearCache(name)) throw unknownQuery(name, config.cacheStats())
      return { ok: true as const }
    })
  }
}
