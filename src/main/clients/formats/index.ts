import { dotenv } from './dotenv'
import { json } from './json'
import type { SettingsFormat } from './settings-format'
import { toml } from './toml'

export const formats = { json, toml, dotenv } satisfies Readonly<Record<string, SettingsFormat>>
export type FormatName = keyof typeof formats
