import { z } from 'zod'
import { baseUrl } from './base-url'
import { budget, type Budget } from './budget'
import { channelHeaders } from './channel-headers'
import { givenName } from './given-name'
import { channelId, type ChannelId } from './ids'
import { isMask } from './mask'
import { modelPrices, priceMultiplier, type ModelPrice } from './prices'
import { PROTOCOLS, type ProtocolId } from './protocol'
import { quirks, type Quirks } from './quirks'
import { RULES } from './rules'

/** How long a channel that was deleted can be brought back, ms. */
export const RESTORABLE_MS = 60_000

const milliseconds = (max: number) => z.int().min(1).max(max)

/** B06: each unset value takes the protocol's default. */
export const timeouts = z.strictObject({
  connectMs: milliseconds(120_000).optional(),
  firstByteMs: milliseconds(3_600_000).optional(),
  idleMs: milliseconds(3_600_000).optional()
})
type Timeouts = Readonly<z.infer<typeof timeouts>>

/** A credential goes into an HTTP header (RFC 9110 5.5); what was pasted with it around is taken off. */
const apiKey = z
  .string()
  .trim()
  .min(1)
  .max(8192)
  .refine((text) => !isMask(text), { error: RULES.not_a_mask, abort: true })
  .regex(/^[\x20-\x7e]*$/, RULES.one_line_ascii)

/** What a user may say of a channel. The order of fields is the order of the form. */
export const channelInput = z.strictObject({
  name: givenName,
  protocol: z.enum(PROTOCOLS),
  baseUrl,
  apiKey: apiKey.optional(),
  /** Globs over the name that was asked for (`claude-*`); tried before `modelMap`. */
  models: z.array(z.string().min(1).max(200)).max(1000).default(['*']),
  modelMap: z.record(z.string().min(1), z.string().min(1)).default({}),
  /** A lower number goes first. */
  priority: z.int().min(0).max(1000).default(50),
  /** Share inside the tier under `weighted`. */
  weight: z.number().min(0).max(1000).default(1),
  enabled: z.boolean().default(true),
  headers: channelHeaders.default({}),
  timeouts: timeouts.default({}),
  /** Ask a chat upstream for usage where the client did not, and take the extra chunk out again (B31). */
  askForUsage: z.boolean().default(false),
  /** What may be spent on it; null: as much as is asked of it. */
  budget: budget.nullable().default(null),
  /** What its models cost where the price table is wrong or knows nothing. */
  prices: modelPrices.default({}),
  /** What it bills, as a multiple of those prices. */
  priceMultiplier: priceMultiplier.default(1),
  /** Where its vendor differs from the protocol's maker. Left out: those of the preset whose protocol and host it has, else none. */
  quirks: quirks.optional()
})
export type ChannelInput = z.infer<typeof channelInput>

/** A change to a channel: only what is given changes; `apiKey: null` removes the credential. */
export const channelPatch = z.strictObject({
  name: channelInput.shape.name.optional(),
  protocol: channelInput.shape.protocol.optional(),
  baseUrl: channelInput.shape.baseUrl.optional(),
  apiKey: apiKey.nullable().optional(),
  models: z.array(z.string().min(1).max(200)).max(1000).optional(),
  modelMap: z.record(z.string().min(1), z.string().min(1)).optional(),
  priority: z.int().min(0).max(1000).optional(),
  weight: z.number().min(0).max(1000).optional(),
  enabled: z.boolean().optional(),
  headers: channelHeaders.optional(),
  timeouts: timeouts.optional(),
  askForUsage: z.boolean().optional(),
  budget: budget.nullable().optional(),
  prices: modelPrices.optional(),
  priceMultiplier: priceMultiplier.optional(),
  quirks: quirks.optional()
})
export type ChannelPatch = z.infer<typeof channelPatch>

/** Who may change it: the user in API and UI, the config file alone, or nobody (the Demo). */
export const managedBy = z.enum(['user', 'config-file', 'built-in'])
export type ManagedBy = z.infer<typeof managedBy>

/** A channel as the core sees it: deeply frozen, without its secret. Health and counters never live in it. */
export interface Channel {
  readonly id: ChannelId
  readonly name: string
  /** ASCII, unique, made from the name alone, so stable over restarts (B24). */
  readonly slug: string
  readonly protocol: ProtocolId
  readonly baseUrl: string
  readonly models: readonly string[]
  readonly modelMap: Readonly<Record<string, string>>
  readonly priority: number
  readonly weight: number
  readonly enabled: boolean
  readonly headers: Readonly<Record<string, string>>
  readonly timeouts: Timeouts
  readonly askForUsage: boolean
  readonly budget: Budget | null
  readonly prices: Readonly<Record<string, ModelPrice>>
  readonly priceMultiplier: number
  readonly quirks: Quirks
  readonly managedBy: ManagedBy
  /** Changes when the credential does (a short hash of it), so that `auth_failed` can end; null without one. */
  readonly credentialRevision: string | null
}

/** A channel as it is read back by the UI: never the secret, only that there is one and its last four characters. */
export const channelView = z.object({
  id: channelId,
  name: z.string(),
  slug: z.string(),
  protocol: z.enum(PROTOCOLS),
  baseUrl: z.string(),
  models: z.array(z.string()),
  modelMap: z.record(z.string(), z.string()),
  priority: z.number(),
  weight: z.number(),
  enabled: z.boolean(),
  headers: z.record(z.string(), z.string()),
  timeouts,
  askForUsage: z.boolean(),
  budget: budget.nullable(),
  prices: modelPrices,
  priceMultiplier,
  quirks,
  managedBy,
  hasCredential: z.boolean(),
  credentialLast4: z.string().nullable()
})
export type ChannelView = z.infer<typeof channelView>
