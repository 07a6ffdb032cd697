import { z } from 'zod'
import type { PendingImport } from '../../shared/backups'
import { PROTOCOLS } from '../../shared/protocol'
import { reasonOf, type ForeignChannel } from './foreign-channels'

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

/** A channel that a link asks for, without its key. */
export function viewOfLinked(channel: ForeignChannel, value: unknown): PendingImport['channels'][number] {
  const { name, input } = channel
  const why = { problem: reasonOf(channel), problems: [...channel.problems] }
  if (input !== null) {
    const { protocol, baseUrl, models, apiKey } = input
    return { name, protocol, baseUrl, models, hasCredential: apiKey !== undefined, ...why }
  }
  const { baseUrl, ...rest } = shown.safeParse(value).data ?? nothingShown
  const hasCredential = z.object({ apiKey: z.string().min(1) }).safeParse(value).success
  return { name, ...rest, baseUrl: withoutCredential(baseUrl), hasCredential, ...why }
}
