import { z } from 'zod'
import list from '../../resources/presets.json'
import { balanceForm } from './balance'
import { baseUrl } from './base-url'
import { PROTOCOLS } from './protocol'
import { quirks } from './quirks'

/** Vendors with a site of their own in mainland China have their own keys there. */
const REGIONS = ['global', 'china'] as const
const region = z.enum(REGIONS)
export type PresetRegion = z.infer<typeof region>

const words = z.strictObject({ en: z.string().min(1), 'zh-CN': z.string().min(1) })

/** What a user must say before the address is known; it stands as `{name}` in the base URLs. */
const field = z.strictObject({
  name: z.string().regex(/^[a-z]+$/),
  label: words,
  example: z.string().min(1).max(60),
  /** Where this is the value, this text is left out of the address (Vertex: its global endpoint has no region before its host). */
  leavesOut: z.strictObject({ when: z.string().min(1), text: z.string().min(1) }).optional()
})
export type PresetField = Readonly<z.infer<typeof field>>

const template = z
  .string()
  .refine((text) => baseUrl.safeParse(text.replaceAll(/\{[a-z]+\}/g, 'x')).success, 'must be a base URL when filled in')

const models = z.array(z.string().min(1).max(200)).min(1)

/** Names to send for the names that are asked for: Claude's sizes and globs, so that Claude Code works at once. */
const modelMap = z.record(z.string().min(1), z.string().min(1))

const endpoint = z.strictObject({
  protocol: z.enum(PROTOCOLS),
  /** With a `{name}` for each field that it needs. */
  baseUrl: template,
  region,
  /** Where it differs from its protocol's maker. */
  quirks: quirks.default({}),
  /** Whose form its balance endpoint has, where it offers one. */
  balance: balanceForm.exactOptional(),
  /** Where they are others than the preset's. */
  models: models.optional(),
  modelMap: modelMap.optional()
})
export type PresetEndpoint = Readonly<z.infer<typeof endpoint>>

const keyPage = z.url({ protocol: /^https$/ })

/** What a channel before a well-known vendor begins with. */
const preset = z.strictObject({
  /** Stable; also what a search finds, beside the name. */
  id: z.string().regex(/^[a-z][a-z\d-]*$/),
  name: z.string().min(1).max(40),
  /** In the place of a logo. */
  initials: z.string().regex(/^[A-Z]{2}$/),
  fields: z.array(field).default([]),
  /** What it speaks and where; the usual choice first. */
  endpoints: z.array(endpoint).min(1),
  keyNeeded: z.boolean(),
  /** Where a key is made. */
  keyPages: z.strictObject({ global: keyPage.optional(), china: keyPage.optional() }),
  /** Names of models to begin with; the vendor's own list has them all. */
  models,
  /** {} where its models have Claude's own names. */
  modelMap,
  /** One or two sentences; null when there is nothing to know. */
  hint: words.nullable()
})
export type Preset = Readonly<z.infer<typeof preset>>

/**
 * The vendors that are offered when a channel is added, the best known first (`resources/presets.json`). The page takes them
 * from read-presets.ts.
 */
export const presets: readonly Preset[] = z.array(preset).parse(list)
