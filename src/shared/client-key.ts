import { z } from 'zod'
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
  readonly managedBy: ManagedBy
}

export const clientKeyInput = z.strictObject({
  name: givenName,
  allowedChannels: z.array(channelId).nullable().default(null)
})
export type ClientKeyInput = z.infer<typeof clientKeyInput>

/** A change to a key: only what is given changes. */
export const clientKeyPatch = z.strictObject({
  name: givenName.optional(),
  allowedChannels: z.array(channelId).nullable().optional()
})
export type ClientKeyPatch = z.infer<typeof clientKeyPatch>

export const clientKeyView = z.object({
  id: clientKeyId,
  name: z.string(),
  last4: z.string(),
  createdAt: z.number(),
  lastUsedAt: z.number().nullable(),
  allowedChannels: z.array(channelId).nullable(),
  managedBy
})
export type ClientKeyView = z.infer<typeof clientKeyView>
