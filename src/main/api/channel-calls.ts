import type { Channel, ChannelView } from '../../shared/channel'
import { calls } from '../../shared/contract'
import type { ChannelId } from '../../shared/ids'
import { ApiError, badArguments } from './api-error'
import { testChannel } from './channel-test'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'
import { LOOP_MESSAGE, pointsAtUs } from './loop-check'
import { withoutSecrets, withSecretsOf } from './secret-headers'

/** Calls on channels. What the config file manages is refused by the store (409). */
export function channelCalls(dependencies: ApiDependencies) {
  const { config, gateway, health, clock } = dependencies

  const view = (channel: Channel): ChannelView => ({
    id: channel.id,
    name: channel.name,
    slug: channel.slug,
    protocol: channel.protocol,
    baseUrl: channel.baseUrl,
    models: [...channel.models],
    modelMap: { ...channel.modelMap },
    priority: channel.priority,
    weight: channel.weight,
    enabled: channel.enabled,
    headers: withoutSecrets(channel.headers),
    timeouts: { ...channel.timeouts },
    askForUsage: channel.askForUsage,
    managedBy: channel.managedBy,
    hasCredential: channel.credentialRevision !== null,
    credentialLast4: config.credentialLast4(channel)
  })

  const find = (id: ChannelId): Channel => {
    const channel = config.channel(id)
    if (channel === undefined) throw new ApiError('not_found', `There is no channel ${id}`)
    return channel
  }

  /** B41. */
  const refuseLoop = (baseUrl: string | undefined, path: string): void => {
    if (baseUrl === undefined || !pointsAtUs(baseUrl, gateway.addresses())) return
    throw badArguments([{ path, message: LOOP_MESSAGE }])
  }

  return {
    'channels.list': implement(calls['channels.list'], () => ({ channels: config.channels().map(view) })),
    'channels.get': implement(calls['channels.get'], ({ id }) => view(find(id))),
    'channels.create': implement(calls['channels.create'], async (input) => {
      refuseLoop(input.baseUrl, 'baseUrl')
      return view(await config.createChannel(input))
    }),
    'channels.update': implement(calls['channels.update'], async ({ id, change }) => {
      const before = find(id)
      refuseLoop(change.baseUrl, 'change.baseUrl')
      const headers = change.headers && withSecretsOf(before.headers, change.headers)
      return view(await config.updateChannel(id, headers === undefined ? change : { ...change, headers }))
    }),
    'channels.delete': implement(calls['channels.delete'], async ({ id }) => {
      find(id)
      await config.deleteChannel(id)
      return { ok: true as const }
    }),
    'channels.test': implement(calls['channels.test'], ({ id, model }) => testChannel(dependencies, find(id), model)),
    'channels.clearHealth': implement(calls['channels.clearHealth'], ({ id }) => {
      const channel = find(id)
      health.clear(id)
      return health.of(channel).view(channel, clock.now())
    })
  }
}
