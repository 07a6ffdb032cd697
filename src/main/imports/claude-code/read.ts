import { z } from 'zod'
import { ENVIRONMENT } from '../../../shared/imports'
import { phrase } from '../../../shared/phrase'
import { claudeEnv, readClaudeEnv, type ClaudeEnv } from '../claude-env'
import { foundAccount, joinReadings, type NotCarried, type Reading, type SourceFile, type Variables } from '../importer'
import { parseJson } from '../parse-text'
import { variableOf } from '../references'
import { UnreadableFile } from '../unreadable-file'
import { ANTHROPIC } from '../vendors'

/** Either of its files: `settings.json` with `env`, `.claude.json` with its logins. Each is only read for what it may hold. */
const file = z.looseObject({
  env: z.record(z.string(), z.unknown()).optional().catch(undefined),
  apiKeyHelper: z.string().optional().catch(undefined),
  /** Made by a login with the Console, so a key that is paid by use. */
  primaryApiKey: z.string().optional().catch(undefined),
  /** A Claude subscription. */
  oauthAccount: z.unknown().optional()
})
type File = z.infer<typeof file>

const SHELL = [
  'ANTHROPIC_BASE_URL',
  'ANTHROPIC_AUTH_TOKEN',
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_CUSTOM_HEADERS',
  'ANTHROPIC_MODEL',
  'ANTHROPIC_SMALL_FAST_MODEL',
  'ANTHROPIC_DEFAULT_HAIKU_MODEL',
  'ANTHROPIC_DEFAULT_SONNET_MODEL',
  'ANTHROPIC_DEFAULT_OPUS_MODEL',
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY'
] as const

function parse(source: SourceFile): File {
  if (source.kind !== 'text') throw new UnreadableFile(phrase('file_is_database', { program: 'Claude Code' }))
  const parsed = file.safeParse(parseJson(source.text))
  if (!parsed.success) throw new UnreadableFile(phrase('file_not_settings', { program: 'Claude Code' }))
  return parsed.data
}

function shellEnv({ shell }: Variables): ClaudeEnv {
  const values = Object.fromEntries(SHELL.map((name) => [name, variableOf(shell, name)]))
  return claudeEnv(values, (name) => name)
}

/** Never taken, and said. */
function logins(path: string, { apiKeyHelper, oauthAccount }: File): readonly NotCarried[] {
  return [
    ...(oauthAccount === undefined || oauthAccount === null
      ? []
      : [{ from: path, what: phrase('login'), why: phrase('login_of_claude') }]),
    ...(apiKeyHelper === undefined ? [] : [{ from: path, what: 'apiKeyHelper', why: phrase('key_program') }])
  ]
}

function consoleKey(path: string, { primaryApiKey }: File): Reading['accounts'] {
  const value = primaryApiKey?.trim() ?? ''
  // Some write a word there to get past its login page.
  if (!value.startsWith('sk-ant-')) return []
  const { baseUrl, name, protocol } = ANTHROPIC
  return [
    foundAccount({ name, protocol, baseUrl, credential: { value, variable: null }, from: path, place: 'primaryApiKey' })
  ]
}

/**
 * Claude Code's accounts: what it runs with, which is its settings' `env` over the shell's (the file wins for the same name,
 * and an empty one there hides the shell's), and the key of a Console login.
 */
export function read(files: readonly SourceFile[], variables: Variables): Reading {
  const parsed = files.map((source) => ({ path: source.path, content: parse(source) }))
  const settings = parsed.filter(({ content }) => content.env !== undefined)
  const shell = shellEnv(variables)
  const env = settings.reduce<ClaudeEnv>((below, { content }) => over(below, content.env ?? {}), shell)
  const from = settings.at(-1)?.path ?? ENVIRONMENT
  return joinReadings([
    readClaudeEnv(env, { from, place: from === ENVIRONMENT ? 'variables' : 'env' }),
    {
      accounts: parsed.flatMap(({ content, path }) => consoleKey(path, content)),
      notCarried: parsed.flatMap(({ content, path }) => logins(path, content))
    }
  ])
}

function over(below: ClaudeEnv, values: Readonly<Record<string, unknown>>): ClaudeEnv {
  const kept = [...below].filter(([name]) => !Object.hasOwn(values, name))
  return new Map([...kept, ...claudeEnv(values, () => null)])
}
