import { z } from 'zod'
import { phrase, type Phrase } from '../../shared/phrase'
import { nameOfHost } from './base-urls'
import {
  foundAccount,
  joinReadings,
  type Credential,
  type FoundAccount,
  type NotCarried,
  type Reading,
  type Variables
} from './importer'
import { fromVariable, variableOf, type Written } from './references'
import { OPENAI, vendorAt } from './vendors'

const texts = z.record(z.string(), z.string()).catch({})

/** `[model_providers.NAME]` (developers.openai.com/codex/config-reference). */
const provider = z.looseObject({
  name: z.string().optional().catch(undefined),
  base_url: z.string().optional().catch(undefined),
  env_key: z.string().optional().catch(undefined),
  experimental_bearer_token: z.string().optional().catch(undefined),
  requires_openai_auth: z.boolean().catch(false),
  wire_api: z.string().catch('responses'),
  query_params: texts,
  http_headers: texts,
  env_http_headers: texts
})
type Provider = z.infer<typeof provider>

const config = z.looseObject({
  model_provider: z.string().optional().catch(undefined),
  model_providers: z.record(z.string(), z.unknown()).catch({}),
  openai_base_url: z.string().optional().catch(undefined),
  profiles: z.record(z.string(), z.unknown()).catch({})
})

/** `auth.json`: a key that was entered, or the tokens of a ChatGPT subscription. */
export const codexAuth = z.looseObject({
  OPENAI_API_KEY: z.string().nullable().optional().catch(undefined),
  tokens: z.unknown().optional()
})

/** The key that was entered; null when there is none, or when it came from a login with a subscription. */
export function enteredKey({ OPENAI_API_KEY: key, tokens }: z.infer<typeof codexAuth>): Credential | null {
  const value = key?.trim() ?? ''
  return value === '' || isLogin({ tokens }) ? null : { value, variable: null }
}

export const isLogin = ({ tokens }: { readonly tokens?: unknown }): boolean => tokens !== undefined && tokens !== null

export interface CodexPlace {
  /** Of `config.toml`. */
  readonly from: string
  /** The file that holds the entered key. */
  readonly authFrom: string
  /** Of every account that is found; each its provider's unless given. */
  readonly name?: string | undefined
  /** Whether the key was entered for this `config.toml` alone, as cc-switch keeps them, and so for no vendor but its own. */
  readonly isKeyItsOwn?: boolean
}

/** @param entered null also when the entered key is not for this provider */
function credentialOf(said: Provider, entered: Credential | null, { references }: Variables): Written {
  const token = said.experimental_bearer_token?.trim() ?? ''
  if (token !== '') return { credential: { value: token, variable: null }, notes: [] }
  if (said.env_key !== undefined && said.env_key !== '') return fromVariable(said.env_key, references)
  if (entered !== null) return { credential: entered, notes: [] }
  const isBehindLogin = said.requires_openai_auth
  return {
    credential: null,
    notes: isBehindLogin ? [phrase('codex_login')] : []
  }
}

function withQuery(baseUrl: string, query: Readonly<Record<string, string>>): string {
  if (Object.keys(query).length === 0 || !URL.canParse(baseUrl)) return baseUrl
  const url = new URL(baseUrl)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url.href
}

type Headers = Pick<FoundAccount, 'headers' | 'headerVariables' | 'notes'>

function headersOf(said: Provider, { references }: Variables): Headers {
  const named = Object.entries(said.env_http_headers).map(([header, variable]) => {
    return { header, variable, value: variableOf(references, variable) }
  })
  const set = named.flatMap((one) => (one.value === undefined ? [] : [{ ...one, value: one.value }]))
  return {
    headers: { ...said.http_headers, ...Object.fromEntries(set.map(({ header, value }) => [header, value])) },
    headerVariables: Object.fromEntries(set.map(({ header, variable }) => [header, variable])),
    notes: named
      .filter(({ value }) => value === undefined)
      .map(({ header, variable }) => phrase('header_variable_unset', { header, variable }))
  }
}

const placeOf = (id: string): string => `model_providers.${id}`

function readProvider(
  id: string,
  value: unknown,
  entered: Credential | null,
  variables: Variables,
  { from, name }: CodexPlace
): Reading {
  const what = placeOf(id)
  const lost = (why: Phrase): Reading => ({ accounts: [], notCarried: [{ from, what, why }] })
  const parsed = provider.safeParse(value)
  if (!parsed.success) return lost(phrase('not_a_table'))
  const { base_url: baseUrl, wire_api: wire } = parsed.data
  if (baseUrl === undefined || baseUrl.trim() === '') return lost(phrase('no_field', { field: 'base_url' }))
  if (wire !== 'responses' && wire !== 'chat') return lost(phrase('wire_api_unknown'))
  const { credential, notes } = credentialOf(parsed.data, entered, variables)
  const own = headersOf(parsed.data, variables)
  const account = foundAccount({
    name: name ?? parsed.data.name ?? id,
    protocol: wire === 'chat' ? 'openai-chat' : 'openai-responses',
    baseUrl: withQuery(baseUrl.trim(), parsed.data.query_params),
    ...{ credential, from, place: what, ...own, notes: [...notes, ...own.notes] }
  })
  return { accounts: [account], notCarried: [] }
}

/** The account without a provider of its own: OpenAI, or what stands in its place. */
function readOpenAi(
  entered: Credential | null,
  given: string | undefined,
  variables: Variables,
  place: CodexPlace
): Reading {
  const key = variableOf(variables.shell, OPENAI.variable)
  const credential = entered ?? (key === undefined ? null : { value: key, variable: OPENAI.variable })
  if (credential === null) return { accounts: [], notCarried: [] }
  const baseUrl = given ?? variableOf(variables.shell, 'OPENAI_BASE_URL') ?? OPENAI.baseUrl
  const { protocol } = OPENAI
  const name = place.name ?? vendorAt(baseUrl)?.name ?? nameOfHost(baseUrl)
  const [from, at] =
    credential.variable === null ? [place.authFrom, 'OPENAI_API_KEY'] : ['environment', OPENAI.variable]
  return { accounts: [foundAccount({ name, protocol, baseUrl, credential, from, place: at })], notCarried: [] }
}

/** The vendor that Codex is made for, which needs no table. */
const OPENAI_ID = 'openai'

/**
 * Codex' accounts: each of its own providers, and OpenAI with the key that was entered or is in the environment. The entered
 * key goes where Codex sends it: to the current provider, whether or not that says `requires_openai_auth`, which only asks
 * for the login (codex-rs, auth_provider_from_auth). It is never given to another vendor.
 *
 * @param entered the key that `auth.json` holds
 */
export function readCodexConfig(
  value: unknown,
  entered: Credential | null,
  variables: Variables,
  place: CodexPlace
): Reading {
  const said = config.parse(value ?? {})
  const { model_provider: current = OPENAI_ID, model_providers: providers, profiles } = said
  const keyFor = (id: string, one: unknown): Credential | null => {
    const shares = place.isKeyItsOwn !== true && provider.safeParse(one).data?.requires_openai_auth === true
    return id === current || shares ? entered : null
  }
  const own = joinReadings(
    Object.entries(providers).map(([id, one]) => readProvider(id, one, keyFor(id, one), variables, place))
  )
  return joinReadings([
    own,
    restOf(said, own, entered, variables, place),
    { accounts: [], notCarried: lostProfiles(profiles, place.from) }
  ])
}

/** What becomes of the entered key beside the providers. */
function restOf(
  { model_provider: current, model_providers: providers, openai_base_url }: z.infer<typeof config>,
  own: Reading,
  entered: Credential | null,
  variables: Variables,
  place: CodexPlace
): Reading {
  const isTaken = entered !== null && own.accounts.some(({ credential }) => credential === entered)
  // A provider that has the entered key leaves none for OpenAI itself: it would be an account that nobody uses.
  if (isTaken && current !== undefined) return { accounts: [], notCarried: [] }
  const isOpenAis = current === undefined || current === OPENAI_ID
  const isFound = own.accounts.some(({ place: at }) => at === placeOf(current ?? ''))
  const isElsewhere = !isOpenAis && (place.isKeyItsOwn === true || (Object.hasOwn(providers, current) && !isFound))
  if (!isElsewhere) return readOpenAi(entered, openai_base_url, variables, place)
  const why = isFound
    ? phrase('key_other', { provider: current })
    : phrase('key_without_address', { provider: current })
  return { accounts: [], notCarried: entered === null ? [] : [{ from: place.authFrom, what: 'OPENAI_API_KEY', why }] }
}

const lostProfiles = (profiles: Readonly<Record<string, unknown>>, from: string): readonly NotCarried[] =>
  Object.keys(profiles).map((name) => ({
    from,
    what: `profiles.${name}`,
    why: phrase('profile')
  }))
