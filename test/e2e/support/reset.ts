import { settings } from '../../../src/shared/settings'
import type { Headless } from './headless'

/** Takes away what a test before left, as a user could: all but the log, and the fact that there once was a channel. */
export async function resetRoutex({ call, clientKey }: Headless): Promise<void> {
  await call('gateway.setState', { state: 'on' })
  const { channels } = await call('channels.list', {})
  for (const { id, managedBy } of channels) if (managedBy === 'user') await call('channels.delete', { id })
  const { keys } = await call('clientKeys.list', {})
  for (const { id, last4 } of keys) if (!clientKey.endsWith(last4)) await call('clientKeys.revoke', { id })
  const { backups } = await call('backups.list', {})
  for (const { name } of backups) await call('backups.delete', { name })
  await call('sessions.clear', {})
  await resetSettings(call)
}

/** Every setting as it is unset; the first steps are done. */
export async function resetSettings(call: Headless['call']): Promise<void> {
  const { firstRunDone: _, ...defaults } = settings.parse({})
  await call('settings.update', { ...defaults, firstRunDone: true })
}
