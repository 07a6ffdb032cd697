import { z } from 'zod'
import { channelId } from './ids'

const healthState = z.enum(['closed', 'open', 'half-open', 'cooling', 'auth_failed'])
export type HealthState = z.infer<typeof healthState>

export const channelHealthView = z.object({
  id: channelId,
  name: z.string(),
  slug: z.string(),
  enabled: z.boolean(),
  state: healthState,
  cause: z.string().optional(),
  /** ms since 1970 when the state ends by itself. */
  until: z.number().optional(),
  /** Consecutive failures. */
  failures: z.int(),
  /** At this moment; it changes without a `health.changed`, and `inFlight.changed` tells of it. */
  inFlight: z.int(),
  /** (channel, model) pairs that the upstream does not have, with their end. */
  missingModels: z.array(z.object({ model: z.string(), until: z.number() }))
})
export type ChannelHealthView = z.infer<typeof channelHealthView>

/** One change of a channel's state: what it was from this moment on. */
export const healthChange = z.object({
  /** ms since 1970. */
  at: z.number(),
  state: healthState,
  cause: z.string().optional(),
  /** ms since 1970 when it was to end by itself. */
  until: z.number().optional()
})
export type HealthChange = Readonly<z.infer<typeof healthChange>>
