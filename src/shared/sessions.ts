import { z } from 'zod'
import { channelId, clientKeyId } from './ids'

export const affinityStats = z.object({
  size: z.int(),
  limit: z.int(),
  usedPercent: z.number(),
  hits: z.int(),
  misses: z.int(),
  repins: z.int(),
  evictions: z.int(),
  expiries: z.int(),
  /** ms since 1970; null when empty. */
  oldest: z.number().nullable(),
  newest: z.number().nullable()
})
export type AffinityStats = z.infer<typeof affinityStats>

export const sessionView = z.object({
  /** Opaque; what `sessions.clear` and `sessions.move` take. */
  key: z.string(),
  sessionId: z.string(),
  clientKeyId: clientKeyId.nullable(),
  /** The program that last used it, from its user agent; null when it names none. */
  client: z.string().nullable(),
  model: z.string(),
  channelId,
  createdAt: z.number(),
  lastUsedAt: z.number(),
  requests: z.int(),
  /** Since it was bound, of the answers that told their usage. */
  tokens: z.object({ input: z.int(), cacheRead: z.int(), cacheWrite: z.int(), output: z.int() }),
  /** cacheRead / prompt; null without a prompt token. */
  cacheHitRate: z.number().nullable()
})
export type SessionView = z.infer<typeof sessionView>
