import { z } from 'zod'
import type { ConfigChanges } from '../../shared/backups'
import type { Budget } from '../../shared/budget'
import type { Channel } from '../../shared/channel'
import { calls } from '../../shared/contract'
import { RULES } from '../../shared/rules'
import { fileSettings } from '../../shared/settings'
import { problemsOf } from '../../shared/validation'
import { StorageError } from '../storage/errors'
import { badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'
import { nameProblem, ownProblem, readForeignChannels, reasonOf, type ForeignChannel } from './foreign-channels'
import { implement } from './implement'
import { withoutSecrets } from './secret-headers'
import { isElsewhere } from './settings-calls'

/** `main-account`, `API_KEY` → `${MAIN_ACCOUNT_API_KEY}`, to be set where the file is used. */
function variable(...words: readonly string[]): string {
  const name = words
    .join('_')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
  return `\${${/^\d/.test(name) ? `_${name}` : name}}`
}

/** A config file knows channels by their names. */
function exportBudget(budget: Budget | null, channels: readonly Channel[]): Budget | null {
  const named = channels.find(({ id }) => id === budget?.switchTo)?.name
  return budget === null || named === undefined ? budget : { ...budget, switchTo: named }
}

function exportChannel(channel: Channel, channels: readonly Channel[]): Record<string, unknown> {
  return {
    name: channel.name,
    protocol: channel.protocol,
    baseUrl: channel.baseUrl,
    ...(channel.credentialRevision === null ? {} : { apiKey: variable(channel.slug, 'API_KEY') }),
    models: channel.models,
    modelMap: channel.modelMap,
    priority: channel.priority,
    weight: channel.weight,
    enabled: channel.enabled,
    headers: withoutSecrets(channel.headers, (name) => variable(channel.slug, name)),
    timeouts: channel.timeouts,
    askForUsage: channel.askForUsage,
    budget: exportBudget(channel.budget, channels),
    prices: channel.prices,
    priceMultiplier: channel.priceMultiplier,
    quirks: channel.quirks
  }
}

/** Ids of channels and the UI's own state are no business of a config file. */
const ofFile = z.object(fileSettings.shape)

/** Only the channels are taken; what else a config file holds may stand there. */
const imported = z.object({ channels: z.array(z.unknown()).max(1000) })
/** The channels that an import asks for, each with what is wrong with it. Throws ApiError `bad_arguments` without a list. */
function channelsToImport(
  dependencies: Pick<ApiDependencies, 'config' | 'gateway'>,
  given: unknown
): readonly ForeignChannel[] {
  const parsed = imported.safeParse(given)
  if (!parsed.success) throw badArguments(problemsOf(imported, parsed.error, given))
  return readForeignChannels(dependencies, parsed.data.channels)
}

type Skipped = ConfigChanges['skipped'][number]

/** What is not added: the whole channel, or of one that is added whatever had no value. */
const skippedOf = (channel: Pick<ForeignChannel, 'name' | 'problems' | 'missing'>): readonly Skipped[] => {
  const { name, problems, missing } = channel
  const reason = reasonOf(channel)
  if (reason !== null) return [{ name, reason, problems: [...problems] }]
  return missing.map((field) => ({
    name: `${name}: ${field}`,
    reason: RULES.value_missing,
    problems: [ownProblem('', 'value_missing')]
  }))
}

/** Export and import of the configuration: in the shape of the config file without secrets, or whole under a passphrase. */
export function configCalls(dependencies: ApiDependencies) {
  const { config } = dependencies

  return {
    'config.export': implement(calls['config.export'], () => ({
      config: {
        settings: ofFile.parse(config.settings()),
        channels: config
          .channels()
          .filter(({ managedBy }) => managedBy !== 'built-in')
          .map((channel) => exportChannel(channel, config.channels())),
        rules: [],
        clientKeys: config.clientKeyViews().map(({ name, budget }) => ({
          ...{ name, key: variable(name, 'ROUTEX_KEY') },
          budget: exportBudget(budget, config.channels())
        }))
      }
    })),
    'config.preview': implement(calls['config.preview'], ({ config: given }) => {
      const channels = channelsToImport(dependencies, given)
      const added = channels.filter(({ problems }) => problems.length === 0).map(({ name }) => name)
      return {
        ...{ added, changed: [], removed: [], skipped: channels.flatMap(skippedOf) },
        ...{ settings: [], clientKeys: { added: [], removed: [] } }
      }
    }),
    'config.import': implement(calls['config.import'], async ({ config: given }) => {
      const added: string[] = []
      const skipped: Skipped[] = []
      const channels = channelsToImport(dependencies, given)
      const backup = channels.some(({ input }) => input !== null) ? await config.backups.create('import') : null
      const results = (await config.createChannels(channels.flatMap(({ input }) => input ?? []))).values()
      for (const channel of channels) {
        const result = channel.input === null ? null : results.next().value
        const problems = result instanceof StorageError ? [nameProblem(result)] : channel.problems
        if (problems.length === 0) added.push(channel.name)
        skipped.push(...skippedOf({ ...channel, problems }))
      }
      return { added, skipped, backup }
    }),
    'config.exportEncrypted': implement(calls['config.exportEncrypted'], ({ passphrase }) =>
      config.exports.create(passphrase)
    ),
    'config.previewEncrypted': implement(calls['config.previewEncrypted'], ({ passphrase, text }) =>
      config.exports.preview(text, passphrase)
    ),
    'config.importEncrypted': implement(calls['config.importEncrypted'], async ({ passphrase, text }) => {
      const before = config.settings()
      const { savedAs } = await config.exports.restore(text, passphrase)
      return { savedAs, restartNeeded: isElsewhere(before, config.settings(), dependencies.gateway.status()) }
    })
  }
}
