import type { Channel, ChannelView } from '../../shared/channel'
import { calls } from '../../shared/contract'
import type { ChannelId } from '../../shared/ids'
import { switchTarget } from '../channels/budgets'
import { badArguments } from './api-error'
import { Balances } from './balances'
import { viewOfChannel } from './channel-view'
import type { ApiDependencies } from './dependencies'
import { findChannel } from './find-channel'
import { implement } from './implement'
import { withKnownSwitch } from './known-switch'
import { RULES } from '../../shared/rules'
import { pointsAtUs } from './loop-check'
import { refuseMovedSecrets } from './moved-secrets'
import { withSecretsOf } from './secret-headers'

/** Whose budgets switch to these channels, by their names, without themselves. */
function ownersOfSwitch(config: ApiDependencies['config'], ids: ReadonlySet<ChannelId>): string[] {
  const channels = config.channels()
  const owners = [...channels.filter(({ id }) => !ids.has(id)), ...config.clientKeys()]
  return owners.filter(({ budget }) => switchesTo(budget, channels, ids)).map(({ name }) => name)
}

function switchesTo(budget: Channel['budget'], channels: readonly Channel[], ids: ReadonlySet<ChannelId>): boolean {
  const target = budget === null ? undefined : switchTarget(budget, channels)
  return target !== undefined && ids.has(target.id)
}

/** Calls on channels. What the config file manages is refused by the store (409). */
export function channelCalls(dependencies: ApiDependencies) {
  const { config, gateway, health, clock } = dependencies
  const balances = new Balances(dependencies)
  const view = (channel: Channel): ChannelView => viewOfChannel(config, channel)

  /** B41. */
  const refuseLoop = (baseUrl: string | undefined, path: string): void => {
    if (baseUrl === undefined || !pointsAtUs(baseUrl, gateway.addresses())) return
    throw badArguments([{ path, message: RULES.not_routex_itself }])
  }

  const deleteAll = async (ids: readonly ChannelId[]) => {
    const budgetsThatStop = ownersOfSwitch(config, new Set(ids))
    const { restorableUntil } = await config.deleteChannels(ids)
    return { ok: true as const, restorableUntil, budgetsThatStop }
  }

  return {
    'channels.list': implement(calls['channels.list'], () => ({ channels: config.channels().map(view) })),
    'channels.get': implement(calls['channels.get'], ({ id }) => view(findChannel(config, id))),
    'channels.create': implement(calls['channels.create'], async (input) => {
      refuseLoop(input.baseUrl, 'baseUrl')
      const budget = withKnownSwitch(config, input.budget, 'budget')
      const headers = withSecretsOf({}, input.headers, 'headers')
      return view(await config.createChannel({ ...input, budget, headers }))
    }),
    'channels.update': implement(calls['channels.update'], async ({ id, change }) => {
      const before = findChannel(config, id)
      refuseLoop(change.baseUrl, 'change.baseUrl')
      const budget = withKnownSwitch(config, change.budget, 'change.budget', id)
      refuseMovedSecrets(before, change, 'change')
      const headers = change.headers && withSecretsOf(before.headers, change.headers, 'change.headers')
      const given = { ...change, ...(budget !== undefined && { budget }), ...(headers !== undefined && { headers }) }
      return view(await config.updateChannel(id, given))
    }),
    'channels.arrange': implement(calls['channels.arrange'], async ({ changes }) => {
      await config.arrangeChannels(changes)
      return { channels: config.channels().map(view) }
    }),
    'channels.duplicate': implement(calls['channels.duplicate'], async ({ id }) =>
      view(await config.duplicateChannel(id))
    ),
    'channels.delete': implement(calls['channels.delete'], ({ id }) => deleteAll([id])),
    'channels.restore': implement(calls['channels.restore'], async ({ id }) => view(await config.restoreChannel(id))),
    'channels.deleteMany': implement(calls['channels.deleteMany'], ({ ids }) => deleteAll(ids)),
    'channels.restoreMany': implement(calls['channels.restoreMany'], async ({ ids }) => ({
      channels: (await config.restoreChannels(ids)).map(view)
    })),
    'channels.balance': implement(calls['channels.balance'], ({ id, refresh }) =>
      balances.of(findChannel(config, id), refresh)
    ),
    'channels.clearHealth': implement(calls['channels.clearHealth'], ({ id }) => {
      const channel = findChannel(config, id)
      health.clear(id)
      return health.of(channel).view(channel, clock.now())
    })
  }
}
