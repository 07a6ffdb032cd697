import { isTable, type Settings } from './formats/settings-format'

const DOTS = '••••'

/** A secret as it may be shown: the last four characters of one that is long enough to keep the rest. */
export const masked = (secret: string): string => (secret.length < 12 ? DOTS : DOTS + secret.slice(-4))

const SECRET_NAME =
  /(?:api[_-]?key|token|secret|passw(?:or)?d|passphrase|credential|authorization|bearer|cookie|private[_-]?key)|headers$|(?:^|[_-])(?:key|pw|pwd|pass)$/i
const SECRET_CAMEL_NAME = /[a-z](?:Key|Pw|Pwd|Pass)$/
const isSecretName = (name: string): boolean => SECRET_NAME.test(name) || SECRET_CAMEL_NAME.test(name)
/** What vendors' credentials begin with, and what only a random text looks like. */
const SECRET_SHAPE =
  /\b(?:sk-|rtx-|rk-|pk-|AIza|ghp_|gho_|ghs_|github_pat_|glpat-|xox[abpr]-|AKIA|eyJ|ya29\.|hf_|r8_|gsk_|nvapi-|pplx-|tvly-)[\w.~+/=-]{6,}/g
const RANDOM = /(?<![\w/.-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{32,}(?![\w/.])/g
/** `NAME=value`, `"name": "value"`, `name = "value"`, also in a comment. */
const NAMED_VALUE =
  /((?:["']?)[\w.-]*(?:api[_-]?key|token|secret|passw(?:or)?d|credential|authorization|bearer|cookie|private[_-]?key|(?<=[\w-])_key|\bkey)(?:["']?)\s*[:=]\s*["'`]?)([^\s"'`,{}[\]]{4,})/gi
/** `Bearer …` in a header, wherever it stands. */
const WITH_SCHEME = /\b((?:bearer|basic)\s+)([\w.~+/=-]{4,})/gi
const QUERY = /(\bhttps?:\/\/[^\s"'`<>?#]*\?)([^\s"'`<>#]+)/gi
const USER_INFO = /(\/\/[^\s/:@"']+:)[^\s/@"']+(?=@)/g

const isPlainWord = (value: string): boolean => /^(?:true|false|null|\d+(?:\.\d+)?)$/.test(value)

/** A parameter of a query as it may be shown: versions and plain words say what is asked for, and all else may be a key. */
function shownParameter(parameter: string): string {
  const [name = '', value] = parameter.split(/=(.*)/s)
  const isOpen = value === undefined || isPlainWord(value) || /^v?\d[\d.-]*(?:-preview)?$/i.test(value)
  return isOpen ? parameter : `${name}=${DOTS}`
}

/** Without what looks like a secret, whatever its name. */
const withoutSecretLooks = (text: string): string =>
  text
    .replaceAll(QUERY, (_, address: string, query: string) => address + query.split('&').map(shownParameter).join('&'))
    .replaceAll(SECRET_SHAPE, masked)
    .replaceAll(RANDOM, masked)
    .replaceAll(USER_INFO, `$1${DOTS}`)
    .replaceAll(WITH_SCHEME, (_, scheme: string, secret: string) => scheme + masked(secret))

/** `--api-key`, behind which a secret stands. */
const isSecretOption = (word: unknown): boolean =>
  typeof word === 'string' && /^--?[\w-]+$/.test(word) && isSecretName(word)

/** `X-Key: value`, as it is given to a program. */
const headerValue = (word: string): readonly string[] => {
  const [, name, value] = /^([\w-]+):\s*(\S.*)$/.exec(word) ?? []
  return name !== undefined && value !== undefined && isSecretName(name) ? [value] : []
}

function textsInList(list: readonly unknown[], isSecret: boolean): readonly string[] {
  return list.flatMap((inner, index) => [
    ...secretTexts(inner, isSecret || isSecretOption(list[index - 1])),
    ...(typeof inner === 'string' ? headerValue(inner) : [])
  ])
}

/** Every text in the settings whose name says that it is secret, or that one of those names holds. */
function secretTexts(value: unknown, isSecret: boolean): readonly string[] {
  if (typeof value === 'string') return isSecret && value.length >= 4 ? [value] : []
  if (Array.isArray(value)) return textsInList(value, isSecret)
  if (!isTable(value)) return []
  return Object.entries(value).flatMap(([name, inner]) => secretTexts(inner, isSecret || isSecretName(name)))
}

function withoutTexts(text: string, secrets: readonly string[]): string {
  const known = [...new Set(secrets)].filter((one) => !isPlainWord(one))
  const longestFirst = known.toSorted((one, other) => other.length - one.length)
  return longestFirst.reduce((shown, secret) => {
    const written = [secret, JSON.stringify(secret).slice(1, -1)]
    return written.reduce((rest, one) => rest.replaceAll(one, masked(secret)), shown)
  }, text)
}

/** A settings file's text as it may be shown. `secrets`: known ones, wherever they stand. */
export function maskText(text: string, settings: Settings, secrets: readonly string[]): string {
  const withoutKnown = withoutTexts(text, [...secrets, ...secretTexts(settings, false)])
  return withoutSecretLooks(withoutKnown).replaceAll(NAMED_VALUE, (whole: string, name: string, value: string) =>
    isPlainWord(value) || value.includes(DOTS) ? whole : name + masked(value)
  )
}

/** TOML has whole numbers that JSON has not. */
const written = (value: unknown): string =>
  JSON.stringify(value, (_name, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner))

/** One value as it may be shown; null when there is none. */
export function shownValue(value: unknown, name: string, isSecret: boolean): string | null {
  if (value === undefined) return null
  const text = typeof value === 'string' ? value : written(value)
  if (text === '' || typeof value === 'boolean') return text
  if (isSecret || isSecretName(name)) return masked(text)
  return withoutSecretLooks(typeof value === 'string' ? text : withoutTexts(text, secretTexts(value, false)))
}
