import './schemas-without-eval'
import { z } from 'zod'
import list from '../../resources/presets.json'
import { baseUrl } from './base-url'
import { PROTOCOLS } from './protocol'

/** Vendors with a site of their own in mainland China have their own keys there. */
const REGIONS = ['global', 'china'] as const
const region = z.enum(REGIONS)
export type PresetRegion = z.infer<typeof region>

const endpoint = z.strictObject({ protocol: z.enum(PROTOCOLS), baseUrl, region })
export type PresetEndpoint = Readonly<z.infer<typeof endpoint>>

const keyPage = z.url({ protocol: /^https$/ })

/** What a channel before a well-known vendor begins with. */
const preset = z.strictObject({
  /** Stable; also what a search finds, beside the name. */
  id: z.string().regex(/^[a-z][a-z-]*$/),
  name: z.string().min(1).max(40),
  /** In the place of a logo. */
  initials: z.string().regex(/^[A-Z]{2}$/),
  /** What it speaks and where; the usual choice first. */
  endpoints: z.array(endpoint).min(1),
  keyNeeded: z.boolean(),
  /** Where a key is made. */
  keyPages: z.strictObject({ global: keyPage.optional(), china: keyPage.optional() }),
  /** Names of models to begin with; the vendor's own list has them all. */
  models: z.array(z.string().min(1).max(200)).min(1),
  /** One or two sentences; null when there is nothing to know. */
  hint: z.strictObject({ en: z.string().min(1), 'zh-CN': z.string().min(1) }).nullable()
})
export type Preset = Readonly<z.infer<typeof preset>>

/** The vendors that are offered when a channel is added, the best known first (`resources/presets.json`). */
export const presets: readonly Preset[] = z.array(preset).parse(list)
