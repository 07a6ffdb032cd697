import { z } from 'zod'
import type { Problem } from '../../shared/problem'
import { formatProblem, problemsOf } from '../../shared/validation'
import { ownProblem } from './foreign-channels'

/** Characters that a link may have: a browser hands on some two million, and every page may send one. */
const MAX_LINK = 256 * 1024
const MAX_CHANNELS = 100

const tooLong: Problem = {
  ...{ path: '', message: `must not have more than ${MAX_LINK} characters` },
  rule: { kind: 'text', min: 1, max: MAX_LINK }
}

/** What can't be read at all, in words for the user. */
class UnreadableLink extends Error {
  override readonly name = 'UnreadableLink'
  readonly problems: readonly Problem[]

  constructor(problems: readonly Problem[]) {
    super(problems.map(formatProblem).join('; '))
    this.problems = problems
  }
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
  throw new UnreadableLink(problemsOf(schema, parsed.error, value))
}

function parseConfig(text: string): unknown {
  if (!/^[\w-]+=*$/.test(text)) throw new UnreadableLink([ownProblem('config', 'json_base64url')])
  const bytes = Buffer.from(text, 'base64url')
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The error would repeat what the link holds, which may be a key.
    throw new UnreadableLink([ownProblem('config', 'json_base64url')])
  }
}

function parametersOf(link: string): Record<string, string> {
  if (link.length > MAX_LINK) throw new UnreadableLink([tooLong])
  const url = URL.canParse(link) ? new URL(link) : null
  // `routex://import`, and what Windows makes of it: `routex://import/`.
  const isImport = url?.protocol === 'routex:' && url.host.toLowerCase() === 'import' && /^\/?$/.test(url.pathname)
  if (!isImport) throw new UnreadableLink([ownProblem('', 'import_link')])
  const names = [...url.searchParams.keys()]
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new UnreadableLink([ownProblem(JSON.stringify(twice.slice(0, 40)), 'given_once')])
  return Object.fromEntries(url.searchParams)
}

function channelsOf(link: string): readonly unknown[] {
  const parameters = parametersOf(link)
  if ('config' in parameters) return checked(config, parseConfig(checked(whole, parameters).config)).channels
  const { models, ...channel } = checked(single, parameters)
  const names = models?.split(',').flatMap((model) => (model.trim() === '' ? [] : [model.trim()]))
  return [{ ...channel, ...(names !== undefined && names.length > 0 && { models: names }) }]
}

/** What a link asks for. */
export interface ReadLink {
  /** Channels, not looked at yet. */
  readonly values: readonly unknown[]
  /** Why the link can't be read at all; it has no channels then. */
  readonly problem: string | null
  /** The same for programs. */
  readonly problems: readonly Problem[]
}

/** Reads a `routex://import` link. Never throws: whatever a page makes of one is told as its problem. */
export function readLink(link: string): ReadLink {
  try {
    return { values: channelsOf(link), problem: null, problems: [] }
  } catch (error) {
    if (!(error instanceof UnreadableLink)) throw error
    return { values: [], problem: error.message, problems: error.problems }
  }
}
