import type { Channel } from '../../shared/channel'
import { calls } from '../../shared/contract'
import type { SessionView } from '../../shared/sessions'
import { matchesModel } from '../protocols/model-name'
import { ApiError } from './api-error'
import type { ApiDependencies } from './dependencies'
import { findChannel } from './find-channel'
import { implement } from './implement'

const notBound = (): ApiError => new ApiError('session_gone', 'This session is not bound any more')

interface Misfit {
  readonly reason: 'protocol' | 'model' | 'disabled' | 'not_allowed'
  readonly text: string
}

/** Calls on the bindings of sessions to channels. */
export function sessionCalls({ config, affinity }: ApiDependencies) {
  /** Why `to` would never be asked for this session, so that binding it there would only lose its warm cache. */
  const misfit = (session: SessionView, to: Channel): Misfit | null => {
    const from = config.channel(session.channelId)
    if (from !== undefined && from.protocol !== to.protocol) {
      return { reason: 'protocol', text: `speaks ${to.protocol}, this session ${from.protocol}` }
    }
    if (!matchesModel(to.models, session.model)) {
      return { reason: 'model', text: `does not list the model "${session.model}"` }
    }
    if (!to.enabled) return { reason: 'disabled', text: 'is switched off' }
    const key = config.clientKeys().find(({ id }) => id === session.clientKeyId)
    if (key?.allowedChannels?.includes(to.id) !== false) return null
    return { reason: 'not_allowed', text: `is not allowed for the key ${key.name}` }
  }

  /** `text`: in lower case. */
  const matches = ({ client, sessionId, model, channelId }: SessionView, text: string): boolean =>
    [client, sessionId, model, config.channel(channelId)?.name].some((word) => word?.toLowerCase().includes(text))

  return {
    'sessions.list': implement(calls['sessions.list'], ({ limit, search = '' }) => {
      const text = search.trim().toLowerCase()
      const total = affinity.getCacheStats().size
      if (text === '') return { sessions: affinity.list(limit), found: total, total }
      const matching = affinity.list(Infinity).filter((session) => matches(session, text))
      return { sessions: matching.slice(0, limit), found: matching.length, total }
    }),
    'sessions.clear': implement(calls['sessions.clear'], ({ key }) => ({ cleared: affinity.clear(key) })),
    'sessions.move': implement(calls['sessions.move'], ({ key, channelId }) => {
      const to = findChannel(config, channelId)
      const session = affinity.find(key)
      if (session === null) throw notBound()
      const unfit = misfit(session, to)
      if (unfit !== null) {
        const details = { channel: to.name, reason: unfit.reason }
        throw new ApiError('channel_unfit', `${to.name} ${unfit.text}`, { details })
      }
      const moved = affinity.move(key, channelId)
      if (moved === null) throw notBound()
      return moved
    })
  }
}
