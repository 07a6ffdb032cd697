import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import type { PendingImport } from '../../shared/backups'
import { channelInput, type ChannelInput } from '../../shared/channel'
import { PROTOCOLS } from '../../shared/protocol'
import { ownName, reasonOf, type ForeignChannel } from './foreign-channels'

/** A base URL can hold a credential in the wrong place, for which it is refused; it must not be read back then. */
export function withoutCredential(baseUrl: string): string {
  if (!/^https?:/i.test(baseUrl) || !URL.canParse(baseUrl)) return ''
  const { protocol, host, pathname } = new URL(baseUrl)
  return `${protocol}//${host}${pathname}`
}

/** What is shown of a channel that is refused: as much of it as is text. */
const shown = z.object({
  protocol: z.enum(PROTOCOLS).nullable().catch(null),
  baseUrl: z.string().max(2000).catch(''),
  models: z.array(z.string().max(200)).max(1000).catch([])
})
const nothingShown: z.infer<typeof shown> = { protocol: null, baseUrl: '', models: [] }

const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set(['name', 'protocol', 'baseUrl', 'models', 'apiKey'])
/** A link may have a map of a thousand models. Characters. */
const LONGEST_VALUE = 1000

/**
 * What else a channel would have, where that is not what it has by itself: a link could else put a channel first, send other models
 * or book everything at nothing without a word. A header's value may be a secret.
 */
function otherSettings({ headers, ...input }: ChannelInput): PendingImport['channels'][number]['settings'] {
  const { name, protocol, baseUrl } = input
  const usual: Readonly<Record<string, unknown>> = channelInput.parse({ name, protocol, baseUrl })
  const changed = Object.entries(input).filter(
    ([field, value]) => !SHOWN_ELSEWHERE.has(field) && value !== undefined && !isDeepStrictEqual(value, usual[field])
  )
  const names = Object.keys(headers)
  const all = names.length === 0 ? changed : [...changed, ['headers', names] as const]
  return all.map(([field, value]) => ({ field, value: JSON.stringify(value).slice(0, LONGEST_VALUE) }))
}

/** A channel that a link asks for, without its key. */
export function viewOfLinked(channel: ForeignChannel, value: unknown): PendingImport['channels'][number] {
  const { input } = channel
  const name = ownName(value)
  const why = { problem: reasonOf(channel), problems: [...channel.problems] }
  if (input !== null) {
    const { protocol, baseUrl, models, apiKey } = input
    return {
      name,
      protocol,
      baseUrl,
      models,
      hasCredential: apiKey !== undefined,
      settings: otherSettings(input),
      ...why
    }
  }
  const { baseUrl, ...rest } = shown.safeParse(value).data ?? nothingShown
  const hasCredential = z.object({ apiKey: z.string().min(1) }).safeParse(value).success
  return { name, ...rest, baseUrl: withoutCredential(baseUrl), hasCredential, settings: [], ...why }
}
