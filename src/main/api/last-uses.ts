import type { ClientKeyView } from '../../shared/client-key'
import type { ClientKeyId } from '../../shared/ids'
import type { ApiDependencies } from './dependencies'

const DAY_MS = 86_400_000
/** A key that was not used for so long counts as not used. */
const LOOK_BACK_MS = 400 * DAY_MS

/** When each key was last used, from the log: days from the rollups, and the exact time from the newest row of that day. */
export async function withLastUses(
  { logs, clock }: Pick<ApiDependencies, 'logs' | 'clock'>,
  keys: readonly ClientKeyView[]
): Promise<ClientKeyView[]> {
  const now = clock.now()
  const days = await logs.timeseries({ from: now - LOOK_BACK_MS, to: now + 1, bucket: 'day', groupBy: 'clientKey' })
  const lastDays = new Map<string, number>()
  for (const { group, at } of days) {
    if (group !== null) lastDays.set(group, Math.max(at, lastDays.get(group) ?? 0))
  }
  const lastUse = async (clientKeyId: ClientKeyId): Promise<number | null> => {
    const from = lastDays.get(clientKeyId)
    if (from === undefined) return null
    const { rows } = await logs.query({ limit: 1, filter: { clientKeyId, from } })
    return rows[0]?.at ?? from
  }
  return Promise.all(keys.map(async (key) => ({ ...key, lastUsedAt: await lastUse(key.id) })))
}
