import type { z } from 'zod'
import type { ChannelInput } from '../../shared/channel'
import type { TestStep } from '../../shared/channel-test'
import { calls } from '../../shared/contract'
import type { ChannelId } from '../../shared/ids'
import { RULES } from '../../shared/rules'
import { ApiError, badArguments } from './api-error'
import { testChannel } from './channel-test'
import type { ApiDependencies } from './dependencies'
import { findChannel } from './find-channel'
import { implement } from './implement'
import { unsavedChannel, type KeyedChannel } from './keyed-channel'
import { pointsAtUs } from './loop-check'
import { DEMO_MODEL } from './model-catalog'
import { refuseMovedSecrets } from './moved-secrets'
import { RunningTests } from './running-tests'
import type { TestSteps } from './test-steps'
import { listUpstreamModels, type ListedModels } from './upstream-models'

/** Calls that ask a channel's upstream something, for a channel that is saved or for one that is being filled in. */
export function channelTestCalls(dependencies: ApiDependencies, testSteps: TestSteps) {
  const { config, gateway, health, catalog } = dependencies
  const running = new RunningTests()

  const saved = (id: ChannelId): KeyedChannel => {
    const channel = findChannel(config, id)
    return { channel, credential: config.credential(channel) }
  }

  const unsaved = (input: ChannelInput, id: ChannelId | undefined): KeyedChannel => {
    // B41.
    if (pointsAtUs(input.baseUrl, gateway.addresses())) {
      throw badArguments([{ path: 'channel.baseUrl', message: RULES.not_routex_itself }])
    }
    const from = id === undefined ? null : findChannel(config, id)
    if (from !== null) refuseMovedSecrets(from, input, 'channel')
    return unsavedChannel(config, input, from)
  }

  const listOf = async ({
    id,
    channel,
    refresh
  }: z.output<(typeof calls)['channels.models']['params']>): Promise<ListedModels> => {
    if (channel !== undefined) return listUpstreamModels(dependencies, unsaved(channel, id))
    if (id === undefined) throw badArguments([{ path: '', message: 'id or channel must be given' }])
    const found = findChannel(config, id)
    if (found.managedBy === 'built-in') return { kind: 'listed', names: [DEMO_MODEL] }
    return catalog.ofChannel(found, refresh)
  }

  const teller =
    (testId: string | undefined) =>
    (step: TestStep): void => {
      if (testId !== undefined) testSteps.tell({ testId, step })
    }

  const runTest = (keyed: KeyedChannel, model: string | undefined, testId: string | undefined) =>
    running.run(testId, dependencies.transport, (transport) =>
      testChannel({ ...dependencies, transport }, keyed, model, teller(testId))
    )

  return {
    'channels.test': implement(calls['channels.test'], async ({ id, model, testId }) => {
      const keyed = saved(id)
      if (keyed.channel.managedBy === 'built-in') {
        throw new ApiError('demo_offline', 'The Demo answers offline: there is nothing to test')
      }
      const result = await runTest(keyed, model, testId)
      // B04: it was seen to work as it is saved.
      if (result.ok) health.clear(id)
      return result
    }),
    'channels.tryOut': implement(calls['channels.tryOut'], ({ channel, id, model, testId }) =>
      runTest(unsaved(channel, id), model, testId)
    ),
    'channels.stopTest': implement(calls['channels.stopTest'], ({ testId }) => {
      running.stop(testId)
      return { ok: true as const }
    }),
    'channels.models': implement(calls['channels.models'], async (asked) => {
      const listed = await listOf(asked)
      if (listed.kind === 'listed') return { models: [...listed.names] }
      throw new ApiError(
        'no_model_list',
        `${listed.why}\nCheck base URL and API key, or type the names of the models yourself.`,
        { details: { phrase: listed.phrase } }
      )
    })
  }
}
