import { z } from 'zod'
import { phrase, type Phrase } from '../../../shared/phrase'
import type { FoundAccount, NotCarried } from '../importer'

/** Of versions 1 and 2: `provider,model` for each kind of request. */
const router = z.record(z.string(), z.unknown())
const target = /^\s*([^,]+?)\s*,\s*(.+?)\s*$/

/** What of `Router` channels can say: Claude Code's main model and its small one are told by their names. */
const BY_NAME = [
  { route: 'background', glob: '*haiku*', priority: 10 },
  { route: 'default', glob: 'claude-*', priority: 20 }
] as const

const WHY: Readonly<Record<string, Phrase>> = {
  think: phrase('route_by_thinking'),
  longContext: phrase('route_by_length'),
  longContextThreshold: phrase('route_by_length'),
  webSearch: phrase('route_by_tools'),
  image: phrase('route_by_content')
}

export interface Routed {
  readonly accounts: readonly FoundAccount[]
  readonly notCarried: readonly NotCarried[]
}

/** Lets the accounts of `provider` take what the route sends there, under the name that it is sent as. */
function takes(account: FoundAccount, glob: string, model: string, priority: number): FoundAccount {
  return {
    ...account,
    models: [...new Set([...account.models, glob])],
    modelMap: { ...account.modelMap, [glob]: model },
    priority: Math.min(account.priority, priority)
  }
}

/**
 * The accounts with what `Router` says of them: its background and its default model as names that they take, in this order.
 *
 * @param providerOf the name of the provider that an account is of
 */
export function withRoutes(
  accounts: readonly FoundAccount[],
  said: unknown,
  providerOf: (account: FoundAccount) => string | undefined,
  from: string
): Routed {
  const parsed = router.safeParse(said)
  if (!parsed.success) return { accounts, notCarried: [] }
  const routed = BY_NAME.reduce<Routed>(
    (read, { glob, priority, route }) => {
      const written = parsed.data[route]
      if (typeof written !== 'string' || written.trim() === '') return read
      const [, provider, model] = target.exec(written) ?? []
      const isMeant = (account: FoundAccount): boolean => providerOf(account) === provider
      if (provider === undefined || model === undefined || !read.accounts.some(isMeant)) {
        const why = phrase('route_without_provider')
        return { ...read, notCarried: [...read.notCarried, { from, what: `Router.${route}`, why }] }
      }
      const changed = read.accounts.map((one) => (isMeant(one) ? takes(one, glob, model, priority) : one))
      return { ...read, accounts: changed }
    },
    { accounts, notCarried: [] }
  )
  const rest = Object.keys(parsed.data)
    .filter((name) => name !== 'builtInRules' && !BY_NAME.some(({ route }) => route === name))
    .flatMap((name) =>
      isSaid(parsed.data[name]) ? [{ from, what: `Router.${name}`, why: WHY[name] ?? phrase('no_channel_says') }] : []
    )
  return { accounts: routed.accounts, notCarried: [...routed.notCarried, ...rest] }
}

/** Version 3 writes down what is off, too. */
function isSaid(value: unknown): boolean {
  if (value === '' || value === null || value === undefined) return false
  if (Array.isArray(value)) return value.length > 0
  return typeof value !== 'object' || !('mode' in value) || value.mode !== 'off'
}
