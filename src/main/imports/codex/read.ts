import { ENVIRONMENT } from '../../../shared/imports'
import { phrase } from '../../../shared/phrase'
import { codexAuth, enteredKey, isLogin, readCodexConfig } from '../codex-config'
import { joinReadings, type NotCarried, type Reading, type SourceFile, type Variables } from '../importer'
import { parseJson, parseToml } from '../parse-text'
import { UnreadableFile } from '../unreadable-file'

const NO_KEY = { OPENAI_API_KEY: null, tokens: null }

function textOf(source: SourceFile): string {
  if (source.kind === 'text') return source.text
  throw new UnreadableFile(phrase('file_is_database', { program: 'Codex' }))
}

/** `auth.json` is an object; nothing that is one is TOML. */
const isAuth = (source: SourceFile): boolean => /^\uFEFF?\s*\{/.test(textOf(source))

function parseAuth(source: SourceFile): ReturnType<typeof codexAuth.parse> {
  const parsed = codexAuth.safeParse(parseJson(textOf(source)))
  if (parsed.success) return parsed.data
  throw new UnreadableFile(phrase('file_not_codex_auth'))
}

/** Codex' accounts in `config.toml`, and the key in `auth.json` when it was entered there: a login is never taken. */
export function read(files: readonly SourceFile[], variables: Variables): Reading {
  const authFile = files.find(isAuth)
  const configFile = files.find((source) => !isAuth(source))
  const auth = authFile === undefined ? NO_KEY : parseAuth(authFile)
  const config = configFile === undefined ? {} : parseToml(textOf(configFile))
  const authFrom = authFile?.path ?? ENVIRONMENT
  const place = { from: configFile?.path ?? authFrom, authFrom }
  const login: readonly NotCarried[] = isLogin(auth)
    ? [{ from: authFrom, what: phrase('login'), why: phrase('login_of_chatgpt') }]
    : []
  return joinReadings([
    readCodexConfig(config, enteredKey(auth), variables, place),
    { accounts: [], notCarried: login }
  ])
}
