import { z } from 'zod'
import { channelInput, type Channel, type ChannelInput } from '../../shared/channel'
import { calls } from '../../shared/contract'
import { formatProblem, problemsOf } from '../../shared/validation'
import { StorageError } from '../storage/errors'
import { badArguments } from './api-error'
import type { ApiDependencies } from './dependencies'
import { implement } from './implement'
import { LOOP_MESSAGE, pointsAtUs } from './loop-check'
import { withoutSecrets } from './secret-headers'

/** `main-account`, `API_KEY` → `${MAIN_ACCOUNT_API_KEY}`, to be set where the file is used. */
function variable(...words: readonly string[]): string {
  const name = words
    .join('_')
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
  return `\${${/^\d/.test(name) ? `_${name}` : name}}`
}

function exportChannel(channel: Channel): Record<string, unknown> {
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
    askForUsage: channel.askForUsage
  }
}

/** Only the channels are taken; what else a config file holds may stand there. */
const imported = z.object({ channels: z.array(z.unknown()).max(1000) })
const named = z.object({ name: z.string().trim().min(1) })

/** A variable that is not filled in is no secret, and the API must not read the environment for its callers. */
const isPlaceholder = (value: unknown): boolean => typeof value === 'string' && /\$\{\w+/.test(value)

const written = z.looseObject({ apiKey: z.unknown().optional(), headers: z.record(z.string(), z.unknown()).optional() })

/** What is none of this shape is left as it is, for the schema to say what is wrong with it. */
function withoutPlaceholders(channel: unknown): unknown {
  const parsed = written.safeParse(channel)
  if (!parsed.success) return channel
  const { apiKey, headers, ...rest } = parsed.data
  const kept = Object.entries(headers ?? {}).filter(([, value]) => !isPlaceholder(value))
  return { ...rest, headers: Object.fromEntries(kept), ...(isPlaceholder(apiKey) ? {} : { apiKey }) }
}

type Imported = { readonly input: ChannelInput } | { readonly reason: string }

function readChannel(value: unknown): Imported {
  const plain = withoutPlaceholders(value)
  const parsed = channelInput.safeParse(plain)
  if (parsed.success) return { input: parsed.data }
  return { reason: problemsOf(channelInput, parsed.error, plain).map(formatProblem).join('; ') }
}

/** Export and import of the configuration, in the shape of the config file and without secrets. */
export function configCalls({ config, gateway }: ApiDependencies) {
  /** Why it was not added; null when it was. */
  const add = async (input: ChannelInput): Promise<string | null> => {
    if (pointsAtUs(input.baseUrl, gateway.addresses())) return `baseUrl: ${LOOP_MESSAGE}`
    try {
      await config.createChannel(input)
      return null
    } catch (error) {
      if (error instanceof StorageError && error.status < 500) return error.message
      throw error
    }
  }

  return {
    'config.export': implement(calls['config.export'], () => ({
      config: {
        settings: config.settings(),
        channels: config
          .channels()
          .filter(({ managedBy }) => managedBy !== 'built-in')
          .map(exportChannel),
        rules: [],
        clientKeys: config.clientKeyViews().map(({ name }) => ({ name, key: variable(name, 'ROUTEX_KEY') }))
      }
    })),
    'config.import': implement(calls['config.import'], async ({ config: given }) => {
      const parsed = imported.safeParse(given)
      if (!parsed.success) throw badArguments(problemsOf(imported, parsed.error, given))
      const added: string[] = []
      const skipped: { name: string; reason: string }[] = []
      for (const [index, value] of parsed.data.channels.entries()) {
        const name = named.safeParse(value).data?.name ?? `channels[${index}]`
        const read = readChannel(value)
        const reason = 'reason' in read ? read.reason : await add(read.input)
        if (reason === null) added.push(name)
        else skipped.push({ name, reason })
      }
      return { added, skipped }
    })
  }
}
