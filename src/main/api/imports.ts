import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { PendingImport } from '../../shared/backups'
import type { Channel } from '../../shared/channel'
import type { Stop } from '../../shared/ports'
import { PROTOCOLS } from '../../shared/protocol'
import { formatProblem, problemsOf } from '../../shared/validation'
import { StorageError } from '../storage/errors'
import { ApiError } from './api-error'
import type { ApiDependencies } from './dependencies'
import { readForeignChannels, reasonOf, type ForeignChannel } from './foreign-channels'

/** Characters that a link may have: a browser hands on some two million, and every page may send one. */
const MAX_LINK = 256 * 1024
const MAX_CHANNELS = 100

/** What can't be read at all, in words for the user. */
class UnreadableLink extends Error {
  override readonly name = 'UnreadableLink'
}

const single = z.strictObject({
  name: z.string().optional(),
  protocol: z.string().optional(),
  baseUrl: z.string().optional(),
  apiKey: z.string().optional(),
  /** Separated by commas. */
  models: z.string().optional()
})
const whole = z.strictObject({ config: z.string() })
const config = z.looseObject({ channels: z.array(z.unknown()).min(1).max(MAX_CHANNELS) })

function checked<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  throw new UnreadableLink(problemsOf(schema, parsed.error, value).map(formatProblem).join('; '))
}

function parseConfig(text: string): unknown {
  if (!/^[\w-]+=*$/.test(text)) throw new UnreadableLink('config: must be a JSON text as base64url')
  const bytes = Buffer.from(text, 'base64url')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The error would repeat what the link holds, which may be a key.
    throw new UnreadableLink('config: must be a JSON text as base64url')
  }
}

function parametersOf(link: string): Record<string, string> {
  if (link.length > MAX_LINK) throw new UnreadableLink(`must not have more than ${MAX_LINK} characters`)
  const url = URL.canParse(link) ? new URL(link) : null
  // `routex://import`, and what Windows makes of it: `routex://import/`.
  const isImport = url?.protocol === 'routex:' && url.host === 'import' && /^\/?$/.test(url.pathname)
  if (!isImport) throw new UnreadableLink('must begin with routex://import?')
  const names = [...url.searchParams.keys()]
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new UnreadableLink(`must not hold ${JSON.stringify(twice.slice(0, 40))} twice`)
  return Object.fromEntries(url.searchParams)
}

/** The channels that a link asks for, not looked at yet. */
function channelsOf(link: string): readonly unknown[] {
  const parameters = parametersOf(link)
  if ('config' in parameters) return checked(config, parseConfig(checked(whole, parameters).config)).channels
  const { models, ...channel } = checked(single, parameters)
  const names = models?.split(',').flatMap((model) => (model.trim() === '' ? [] : [model.trim()]))
  return [{ ...channel, ...(names !== undefined && names.length > 0 && { models: names }) }]
}

/** What is shown of a channel that is refused: as much of it as is text. */
const shown = z.object({
  protocol: z.enum(PROTOCOLS).nullable().catch(null),
  baseUrl: z.string().max(2000).catch(''),
  models: z.array(z.string().max(200)).max(1000).catch([])
})
const nothingShown: z.infer<typeof shown> = { protocol: null, baseUrl: '', models: [] }

/** A base URL can hold a credential in the wrong place, for which it is refused; it must not be read back then. */
function withoutCredential(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) return ''
  const { protocol, host, pathname } = new URL(baseUrl)
  return `${protocol}//${host}${pathname}`
}

function viewOf(channel: ForeignChannel, value: unknown): PendingImport['channels'][number] {
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

interface Waiting {
  readonly id: string
  readonly values: readonly unknown[]
  readonly problem: string | null
}

/**
 * What a `routex://import` link asks for, until the user has said yes or no. Any page can open such a link, so nothing of
 * it is done before, and what it says is told as it is judged now. Its keys stay here.
 *
 *     request() → pending → accept() → added
 *                         ↘ dismiss(), or the next request()
 */
export class PendingImports {
  readonly #dependencies: Pick<ApiDependencies, 'config' | 'gateway'>
  readonly #listeners = new Set<(pending: PendingImport | null) => void>()
  #waiting: Waiting | null = null

  constructor(dependencies: Pick<ApiDependencies, 'config' | 'gateway'>) {
    this.#dependencies = dependencies
  }

  /** Takes a link in the place of the one that waits. Never throws: what is wrong with it is part of what is pending. */
  request(link: string): void {
    this.#set({ id: randomBytes(9).toString('base64url'), ...readLink(link) })
  }

  /** null when nothing waits. */
  pending(): PendingImport | null {
    if (this.#waiting === null) return null
    const { id, problem, values } = this.#waiting
    const channels = readForeignChannels(this.#dependencies, values).map((read, index) => viewOf(read, values[index]))
    return { id, problem, channels }
  }

  /**
   * Adds every channel that can be added; what waits is over then.
   *
   * @throws ApiError `import_gone` when it does not wait any more, `import_empty` when nothing of it can be added
   */
  async accept(id: string): Promise<readonly Channel[]> {
    const { values } = this.#find(id)
    const inputs = readForeignChannels(this.#dependencies, values).flatMap(({ input }) => input ?? [])
    if (inputs.length === 0) throw new ApiError('import_empty', 'Nothing of what the link asks for can be added')
    // Taken away first, so that a second yes does not add it twice.
    this.#set(null)
    const added: Channel[] = []
    for (const input of inputs) {
      const channel = await this.#add(input)
      if (channel !== null) added.push(channel)
    }
    return added
  }

  /** @throws ApiError `import_gone` when it does not wait any more */
  dismiss(id: string): void {
    this.#find(id)
    this.#set(null)
  }

  onChange(listener: (pending: PendingImport | null) => void): Stop {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  #find(id: string): Waiting {
    if (this.#waiting?.id === id) return this.#waiting
    throw new ApiError('import_gone', 'This import does not wait any more')
  }

  /** null when its name was taken in this very moment. */
  async #add(input: Parameters<ApiDependencies['config']['createChannel']>[0]): Promise<Channel | null> {
    try {
      return await this.#dependencies.config.createChannel(input)
    } catch (error) {
      if (error instanceof StorageError && error.code === 'name_taken') return null
      throw error
    }
  }

  #set(waiting: Waiting | null): void {
    this.#waiting = waiting
    const pending = this.pending()
    for (const listener of this.#listeners) listener(pending)
  }
}

function readLink(link: string): Omit<Waiting, 'id'> {
  try {
    return { values: channelsOf(link), problem: null }
  } catch (error) {
    if (!(error instanceof UnreadableLink)) throw error
    return { values: [], problem: error.message }
  }
}
