/** Names from the root of a settings file down to one setting: `['env', 'ANTHROPIC_BASE_URL']`. */
export type KeyPath = readonly string[]

/** A settings file's content as plain values. */
export type Settings = Readonly<Record<string, unknown>>

/** Sets one key; with `undefined` it goes. */
export interface Edit {
  readonly key: KeyPath
  readonly value: unknown
}

/**
 * One way of writing settings. Texts are handed in and come back without a byte order mark, and with the line ends that
 * they had.
 */
export interface SettingsFormat {
  /** Nothing but white space counts as no settings. Throws UnreadableText. */
  parse(text: string): Settings
  /**
   * Makes these edits in their order and leaves everything else as it stands: comments, order, indentation. A table that
   * is missing on the way to a key is made; one that a removed key leaves empty stays. Throws UnreadableText.
   */
  edit(text: string, edits: readonly Edit[]): string
}

/** A text that is not what its format says; the message says where. Nothing may be written over it. */
export class UnreadableText extends Error {
  override readonly name = 'UnreadableText'
}

export const isTable = (value: unknown): value is Settings =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)

/** The value at a path; undefined when there is none. */
export function valueAt(settings: Settings, key: KeyPath): unknown {
  return key.reduce<unknown>(
    (inner, name) => (isTable(inner) && Object.hasOwn(inner, name) ? inner[name] : undefined),
    settings
  )
}

/** `env.ANTHROPIC_BASE_URL`; a name with other characters is quoted. */
export const keyText = (key: KeyPath): string =>
  key.map((name) => (/^[\w$-]+$/.test(name) ? name : JSON.stringify(name))).join('.')

/** `settings` with one key set, or without it; tables on the way are made. */
export function withValue(settings: Settings, key: KeyPath, value: unknown): Settings {
  const [name, ...rest] = key
  if (name === undefined) return settings
  const { [name]: inner, ...others } = settings
  if (rest.length > 0) {
    if (inner === undefined && value === undefined) return settings
    const table = isTable(inner) ? inner : {}
    return { ...settings, [name]: withValue(table, rest, value) }
  }
  return value === undefined ? others : { ...settings, [name]: value }
}

/** What stands there, as a person names it. */
function kindOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'string' ? 'a text' : 'a single value'
}

/** The text is what its format says, but a value stands where a table is needed. */
export class BlockedWay extends UnreadableText {
  constructor(table: KeyPath, found: unknown) {
    super(`${keyText(table)} holds ${kindOf(found)}, where a group of settings belongs`)
  }
}

/** Throws UnreadableText when something on the way to the key is no table. */
export function refuseBlockedWay(settings: Settings, key: KeyPath): void {
  for (let depth = 1; depth < key.length; depth++) {
    const table = key.slice(0, depth)
    const value = valueAt(settings, table)
    if (value !== undefined && !isTable(value)) throw new BlockedWay(table, value)
  }
}
