import { z } from 'zod'
import { channelInput, type ChannelInput } from '../../shared/channel'
import { isHarmlessHeader } from '../../shared/channel-headers'
import { isMask } from '../../shared/mask'
import type { Problem } from '../../shared/problem'
import { RULES, type RuleCode } from '../../shared/rules'
import { formatProblem, problemsOf } from '../../shared/validation'
import { slugOf } from '../storage/config/slug'
import type { StorageError } from '../storage/errors'
import type { ApiDependencies } from './dependencies'
import { pointsAtUs } from './loop-check'

/** A channel that comes from outside (a config file, a link), as far as it can be read. */
export interface ForeignChannel {
  /** Its own name; where it has none, its place (`channels[2]`). */
  readonly name: string
  /** What would be added; null when it can't be. */
  readonly input: ChannelInput | null
  /** Why it can't be added; none when it can. */
  readonly problems: readonly Problem[]
  /** What of it has only a mask or a variable for a value, so that it is added without: `apiKey`, `headers.x-auth-token`, `budget.switchTo`. */
  readonly missing: readonly string[]
}

const withName = z.object({
  name: z
    .string()
    .transform((text) => text.replaceAll(/\p{Cc}+/gu, ' ').trim())
    .pipe(z.string().min(1).max(200))
})

/** Its own name; null where it has none. */
export const ownName = (given: unknown): string | null => withName.safeParse(given).data?.name ?? null

const written = z.looseObject({ apiKey: z.unknown().optional(), headers: z.record(z.string(), z.unknown()).optional() })

/** A variable that is not filled in is no secret, and the API must not read the environment for its callers. */
const hasVariable = (text: string): boolean => /\$\{\w+/.test(text)

const isMaskedKey = (value: unknown): boolean => typeof value === 'string' && (isMask(value) || hasVariable(value))

const isMaskedHeader = (name: string, value: unknown): boolean =>
  typeof value === 'string' && ((isMask(value) && !isHarmlessHeader(name)) || hasVariable(value))

interface Plain {
  readonly value: unknown
  readonly missing: readonly string[]
}

/** What is none of this shape is left as it is, for the schema to say what is wrong with it. */
function withoutMasks(channel: unknown): Plain {
  const parsed = written.safeParse(channel)
  if (!parsed.success) return { value: channel, missing: [] }
  const { apiKey, headers = {}, ...rest } = parsed.data
  const kept = Object.entries(headers).filter(([name, value]) => !isMaskedHeader(name, value))
  const masked = Object.keys(headers).filter((name) => isMaskedHeader(name, headers[name]))
  return {
    value: { ...rest, headers: Object.fromEntries(kept), ...(isMaskedKey(apiKey) ? {} : { apiKey }) },
    missing: [...(isMaskedKey(apiKey) ? ['apiKey'] : []), ...masked.map((name) => `headers.${name}`)]
  }
}

/**
 * Reads channels that come from outside, each for itself. One is refused when the schema refuses it, when its base URL is
 * ours (B41), or when its name is taken, by a channel that is here or by one before it in the list.
 */
export function readForeignChannels(
  { config, gateway }: Pick<ApiDependencies, 'config' | 'gateway'>,
  values: readonly unknown[]
): readonly ForeignChannel[] {
  const here = config.channels().filter(({ managedBy }) => managedBy !== 'built-in')
  const taken = new Map(here.map(({ slug, name }) => [slug, `its name is too like that of the channel ${name}`]))

  const problemsOfInput = ({ baseUrl, name }: ChannelInput): readonly Problem[] => {
    if (pointsAtUs(baseUrl, gateway.addresses())) return [ownProblem('baseUrl', 'not_routex_itself')]
    const message = taken.get(slugOf(name))
    return message === undefined ? [] : [ownProblem('', 'name_free', message)]
  }

  const read = values.map((given, index): ForeignChannel => {
    const name = ownName(given) ?? `channels[${index}]`
    const { value, missing } = withoutMasks(given)
    const parsed = channelInput.safeParse(value)
    if (!parsed.success) {
      return { name, input: null, problems: problemsOf(channelInput, parsed.error, value), missing }
    }
    const problems = problemsOfInput(parsed.data)
    if (problems.length > 0) return { name, input: null, problems, missing }
    taken.set(slugOf(parsed.data.name), `its name is too like that of ${name}, which stands before it`)
    return { name, input: parsed.data, problems, missing }
  })
  const inputs = read.flatMap(({ input }) => input ?? [])
  const names = [
    ...here.flatMap(({ id, name, slug }) => [id, name, slug]),
    ...inputs.flatMap(({ name }) => [name, slugOf(name)])
  ]
  return read.map((one) => withKnownSwitch(one, new Set(names)))
}

/** A budget that switches to a channel which is neither here nor comes along stops instead, and that is told. */
function withKnownSwitch(read: ForeignChannel, names: ReadonlySet<string>): ForeignChannel {
  const { input, missing } = read
  if (input?.budget?.then !== 'switch' || names.has(input.budget.switchTo ?? '')) return read
  const { limitUsd, period } = input.budget
  return {
    ...read,
    input: { ...input, budget: { limitUsd, period, then: 'stop' } },
    missing: [...missing, 'budget.switchTo']
  }
}

/** A rule of our own, broken at this place. */
export const ownProblem = (path: string, code: RuleCode, message: string = RULES[code]): Problem => ({
  path,
  message,
  rule: { kind: 'own', code }
})

/** Its name was taken in this very moment. */
export const nameProblem = ({ message }: StorageError): Problem => ownProblem('', 'name_free', message)

/** Why it can't be added, in a line; null when it can. */
export const reasonOf = ({ problems }: Pick<ForeignChannel, 'problems'>): string | null =>
  problems.length === 0 ? null : problems.map(formatProblem).join('; ')
