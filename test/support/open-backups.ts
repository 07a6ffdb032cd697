import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openConfig } from './open-config'

export const folder = (dir: string): string => join(dir, 'backups')
export const files = (dir: string): string[] => readdirSync(folder(dir)).sort()

/** A config store with its backups, in a folder of its own or again in one that was left. */
export async function openBackups(dir?: string) {
  const opened = await openConfig(dir)
  const { store } = opened
  const names = (): string[] => store.channels().map(({ name }) => name)
  /** Everything that a restore puts back, secrets in clear. */
  const state = () => ({
    channels: store.channels().map((channel) => ({ channel, credential: store.credential(channel) })),
    keys: store.clientKeyViews(),
    defaultKey: store.defaultClientKey(),
    settings: store.settings()
  })
  return { ...opened, backups: store.backups, names, state }
}
