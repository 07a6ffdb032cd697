import { z } from 'zod'
import { budget, type Budget } from './budget'
import { givenName } from './given-name'
import { channelId, clientKeyId, type ChannelId, type ClientKeyId } from './ids'
import { managedBy, type ManagedBy } from './channel'

/** A local key as the core sees it. It is looked up by the SHA-256 of its text (hex). */
export interface ClientKey {
  readonly id: ClientKeyId
  readonly name: string
  readonly sha256: string
  /** null: every channel. */
  readonly allowedChannels: readonly ChannelId[] | null
  /** What may be spent with it; null: as much as is asked for. */
  readonly budget: Budget | null
  readonly managedBy: ManagedBy
}

export const clientKeyInput = z.strictObject({
  name: givenName,
  allowedChannels: z.array(channelId).nullable().default(null),
  budget: budget.nullable().default(null)
})
export type ClientKeyInput = z.infer<typeof clientKeyInput>

/** A change to a key: only what is given changes. */
export const clientKeyPatch = z.strictObject({
  name: givenName.optional(),
  allowedChannels: z.array(channelId).nullable().optional(),
  budget: budget.nullable().optional()
})
export type ClientKeyPatch = z.infer<typeof clientKeyPatch>

export const clientKeyView = z.object({
  id: clientKeyId,
  name: z.string(),
  last4: z.string(),
  createdAt: z.number(),
  lastUsedAt: z.number().nullable(),
  allowedChannels: z.array(channelId).nullable(),
  budget: budget.nullable(),
  managedBy
})
export type ClientKeyView = z.infer<typeof clientKeyView>
