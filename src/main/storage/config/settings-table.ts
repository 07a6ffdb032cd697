import { isDeepStrictEqual } from 'node:util'
import type { Logger } from '../../../shared/ports'
import { settings, settingsPatch, type Settings, type SettingsPatch } from '../../../shared/settings'
import type { CountedDatabase, CountedStatement } from '../counted-database'
import { deepFreeze } from './deep-freeze'

interface SettingRow {
  readonly name: string
  readonly value: string
}

const DEFAULT_SETTINGS: Settings = deepFreeze(settings.parse({}))

type Group = Readonly<Record<string, unknown>>

/** A setting that holds others (`retention`); a list is one setting. */
const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null && !Array.isArray(value)

function merged(base: Group, change: Group): Group {
  const result: Record<string, unknown> = { ...base }
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue
    const old = result[name]
    result[name] = isGroup(value) && isGroup(old) ? merged(old, value) : value
  }
  return result
}

/** `base` with what the change says laid over it, group by group; deeply frozen. */
export const layOver = (base: Settings, change: SettingsPatch): Settings =>
  deepFreeze(settings.parse(merged(base, change)))

/** Names of what a change sets; of the nested ones as `retention.days`. */
export function settingNames(change: SettingsPatch): readonly string[] {
  return Object.entries(change).flatMap(([name, value]) => {
    if (value === undefined) return []
    if (!isGroup(value)) return [name]
    return Object.entries(value).flatMap(([inner, set]) => (set === undefined ? [] : [`${name}.${inner}`]))
  })
}

/** Names of the settings that are not the same in both; of the nested ones as `retention.days`. */
export function differentSettings(one: Settings, other: Settings): readonly string[] {
  const different = (first: Group, second: Group, path: string): readonly string[] =>
    Object.keys(first).flatMap((name) => {
      const [a, b] = [first[name], second[name]]
      if (isGroup(a) && isGroup(b)) return different(a, b, `${path}${name}.`)
      return isDeepStrictEqual(a, b) ? [] : [`${path}${name}`]
    })
  return different(one, other, '')
}

/** null: this version does not allow it. */
const changeOf = (name: string, value: unknown): SettingsPatch | null =>
  settingsPatch.safeParse({ [name]: value }).data ?? null

const allowedEntries = (name: string, stored: readonly unknown[]): readonly unknown[] =>
  stored.filter((entry) => changeOf(name, [entry]) !== null)

/** The settings that differ from the defaults. */
export class SettingsTable {
  readonly #all: CountedStatement<[], SettingRow>
  readonly #put: CountedStatement<[string, string], unknown>

  constructor(database: CountedDatabase) {
    this.#all = database.prepare('SELECT name, value FROM settings')
    this.#put = database.prepare('INSERT OR REPLACE INTO settings (name, value) VALUES (?, ?)')
  }

  /** A stored value that this version does not allow is told, and its default counts; of a list, its other entries. */
  read(logger: Logger): Settings {
    return this.#all.all().reduce((read, { name, value }) => {
      const stored: unknown = JSON.parse(value)
      const allowed = changeOf(name, stored)
      if (allowed !== null) return layOver(read, allowed)
      const rest = Array.isArray(stored) ? changeOf(name, allowedEntries(name, stored)) : null
      const what = rest === null ? 'its default counts' : 'its other entries count'
      logger.warn(`a stored setting is not valid; ${what}`, { name })
      return rest === null ? read : layOver(read, rest)
    }, DEFAULT_SETTINGS)
  }

  /** Part of the caller's transaction. `next` are the settings with the change in them. */
  write(change: SettingsPatch, next: Settings): void {
    for (const [name, value] of Object.entries(next)) {
      if (name in change) this.#put.run(name, JSON.stringify(value))
    }
  }
}
