import type { Channel } from '../../shared/channel'
import { calls } from '../../shared/contract'
import type { SessionView } from '../../shared/sessions'
import { matchesModel } from '../protocols/model-name'
import { ApiError } from './api-error'
import type { ApiDependencies } from './dependencies'
import { findChannel } from './find-channel'
import { implement } from './implement'

const notBound = (): ApiError => new ApiError('not_found', 'This session is not bound any more')

/** Calls on the bindings of sessions to channels. */
export function sessionCalls({ config, affinity }: ApiDependencies) {
  /** Why `to` would never be asked for this session, so that binding it there would only lose its warm cache. */
  const misfit = (session: SessionView, to: Channel): string | null => {
    const from = config.channel(session.channelId)
    if (from !== undefined && from.protocol !== to.protocol)
      return `speaks ${to.protocol}, this session ${from.protocol}`
    if (!matchesModel(to.models, session.model)) return `does not list the model "${session.model}"`
    if (!to.enabled) return 'is switched off'
    const key = config.clientKeys().find(({ id }) => id === session.clientKeyId)
    return key?.allowedChannels?.includes(to.id) === false ? `is not allowed for the key ${key.name}` : null
  }

  return {
    'sessions.list': implement(calls['sessions.list'], ({ limit }) => ({
      sessions: affinity.list(limit),
      total: affinity.getCacheStats().size
    })),
    'sessions.clear': implement(calls['sessions.clear'], ({ key }) => ({ cleared: affinity.clear(key) })),
    'sessions.move': implement(calls['sessions.move'], ({ key, channelId }) => {
      const to = findChannel(config, channelId)
      const session = affinity.find(key)
      if (session === null) throw notBound()
      const reason = misfit(session, to)
      if (reason !== null) throw new ApiError('conflict', `${to.name} ${reason}`)
      const moved = affinity.move(key, channelId)
      if (moved === null) throw notBound()
      return moved
    })
  }
}
