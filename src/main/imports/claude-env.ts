import { z } from 'zod'
import { ENVIRONMENT } from '../../shared/imports'
import { phrase, type Phrase } from '../../shared/phrase'
import { nameOfHost } from './base-urls'
import { foundAccount, type Credential, type FoundAccount, type NotCarried, type Reading } from './importer'
import { ANTHROPIC, vendorAt } from './vendors'

/** The variables that Claude Code runs with, each with where it came from (code.claude.com/docs/en/env-vars). */
export type ClaudeEnv = ReadonlyMap<string, Credential>

export interface ClaudeEnvPlace {
  readonly from: string
  readonly place: string
  /** Of the account; that of its host unless given. */
  readonly name?: string | undefined
}

const text = z.union([z.string(), z.number().transform(String), z.boolean().transform(String)])

/** A settings file's `env`; what is no text in it is no variable. */
export function claudeEnv(
  values: Readonly<Record<string, unknown>>,
  variableOf: (name: string) => string | null
): ClaudeEnv {
  return new Map(
    Object.entries(values).flatMap(([name, value]) => {
      const parsed = text.safeParse(value)
      const trimmed = parsed.success ? parsed.data.trim() : ''
      return trimmed === '' ? [] : [[name, { value: trimmed, variable: variableOf(name) }] as const]
    })
  )
}

const isOn = (value: string | undefined): boolean => value !== undefined && !/^(?:0|false|no|off)$/i.test(value)

/** A name of Anthropic's own, or Claude Code's word for one: it is asked for as it is. */
const isClaudes = (model: string): boolean =>
  /claude/i.test(model) || /^(?:default|opus|sonnet|haiku|opusplan|best)(?:\[1m\])?$/i.test(model)

/** Variables that say which model stands for Claude's; the sizes before the one for all. */
const MODEL_VARIABLES = [
  ['ANTHROPIC_DEFAULT_HAIKU_MODEL', '*haiku*'],
  ['ANTHROPIC_SMALL_FAST_MODEL', '*haiku*'],
  ['ANTHROPIC_DEFAULT_SONNET_MODEL', '*sonnet*'],
  ['ANTHROPIC_DEFAULT_OPUS_MODEL', '*opus*'],
  ['ANTHROPIC_MODEL', 'claude-*']
] as const

function claudeModelMap(valueOf: (name: string) => string | undefined): Record<string, string> {
  const map: Record<string, string> = {}
  for (const [variable, glob] of MODEL_VARIABLES) {
    const model = valueOf(variable)?.replace(/\[1m\]$/i, '')
    if (model !== undefined && !isClaudes(model) && !(glob in map)) map[glob] = model
  }
  return map
}

/** `Name: value` lines. */
function headersOf(lines: string | undefined): Record<string, string> {
  const pairs = (lines ?? '').split(/\r?\n/).flatMap((line) => {
    const [, name, value] = /^\s*([^:\s]+)\s*:\s*(.*?)\s*$/.exec(line) ?? []
    return name === undefined || value === undefined ? [] : [[name, value] as const]
  })
  return Object.fromEntries(pairs)
}

const CLOUDS = [
  ['CLAUDE_CODE_USE_BEDROCK', 'Amazon Bedrock'],
  ['CLAUDE_CODE_USE_VERTEX', 'Google Vertex AI'],
  ['CLAUDE_CODE_USE_FOUNDRY', 'Microsoft Foundry']
] as const

/** Where a variable stands: a file's settings lie over the shell's variables. */
const placeOf = (one: Credential | undefined, file: string): string =>
  (one?.variable ?? null) === null ? file : ENVIRONMENT

/** The account that Claude Code reaches with these variables; none when they name neither an address nor a key. */
export function readClaudeEnv(env: ClaudeEnv, { from, name, place }: ClaudeEnvPlace): Reading {
  const valueOf = (variable: string): string | undefined => env.get(variable)?.value
  const cloud = CLOUDS.find(([variable]) => isOn(valueOf(variable)))
  if (cloud !== undefined) {
    const why = phrase('login_of_cloud', { program: 'Claude Code' })
    return { accounts: [], notCarried: [{ from: placeOf(env.get(cloud[0]), from), what: cloud[1], why }] }
  }
  const [token, key] = [env.get('ANTHROPIC_AUTH_TOKEN'), env.get('ANTHROPIC_API_KEY')]
  const given = valueOf('ANTHROPIC_BASE_URL')
  const credential = token ?? key ?? null
  if (given === undefined && credential === null) return { accounts: [], notCarried: [] }
  const baseUrl = given ?? ANTHROPIC.baseUrl
  const account = foundAccount({
    ...{ from, place, baseUrl, credential, protocol: 'anthropic' },
    name: name ?? vendorAt(baseUrl)?.name ?? nameOfHost(baseUrl),
    modelMap: claudeModelMap(valueOf),
    headers: headersOf(valueOf('ANTHROPIC_CUSTOM_HEADERS')),
    notes: notesOf(baseUrl, token, key)
  })
  return { accounts: [account], notCarried: [...secondKey(account, token, key), ...leftOf(env, from)] }
}

/** What an account is made of. */
const TAKEN: ReadonlySet<string> = new Set([
  ...['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY', 'ANTHROPIC_CUSTOM_HEADERS'],
  ...MODEL_VARIABLES.map(([variable]) => variable),
  ...CLOUDS.map(([variable]) => variable)
])

/** What of it no channel says: names alone, since any of the values may be a secret. */
const leftOf = (env: ClaudeEnv, from: string): readonly NotCarried[] =>
  [...env.keys()]
    .filter((name) => !TAKEN.has(name))
    .map((what) => ({
      ...{ from, what },
      why: /^(?:https?|no|all)_proxy$/i.test(what) ? phrase('own_proxy') : phrase('claude_setting')
    }))

function notesOf(baseUrl: string, token: Credential | undefined, key: Credential | undefined): readonly Phrase[] {
  if (token === undefined && key === undefined) return [phrase('no_key_but_login')]
  if (token === undefined || vendorAt(baseUrl) === ANTHROPIC) return []
  return [phrase('key_as_bearer')]
}

/** Claude Code sends both when both are set. */
function secondKey(
  account: FoundAccount,
  token: Credential | undefined,
  key: Credential | undefined
): readonly NotCarried[] {
  if (token === undefined || key === undefined || token.value === key.value) return []
  return [{ from: placeOf(key, account.from), what: 'ANTHROPIC_API_KEY', why: phrase('token_counts') }]
}
