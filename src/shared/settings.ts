import { z } from 'zod'
import { allowedHost, allowedOrigin } from './allowed-sources'
import { host } from './host'
import { channelId } from './ids'

export const STRATEGIES = ['priority', 'round_robin', 'weighted', 'least_used'] as const
export type Strategy = (typeof STRATEGIES)[number]

/** How long the log is kept: whichever limit is reached first. */
const retention = z.strictObject({
  /** Days that request rows are kept. */
  days: z.int().min(1).max(3650).default(90),
  /** MiB that `logs.db` may take. */
  maxMiB: z.int().min(16).max(1_048_576).default(2048)
})

const appearance = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']).default('system'),
  language: z.enum(['system', 'en', 'zh-CN']).default('system')
})

/** Of the desktop app; headless keeps them and does nothing with them. */
const startUp = z.strictObject({
  /** Started by the system when the user logs in. */
  atLogin: z.boolean().default(false),
  /** That start shows the tray alone. */
  hidden: z.boolean().default(true)
})

const notifications = z.strictObject({
  channelFailing: z.boolean().default(true),
  channelBack: z.boolean().default(true),
  updateReady: z.boolean().default(true),
  /** 80 % of a budget is used, or all of it. */
  budget: z.boolean().default(true)
})

const updates = z.strictObject({
  /** Looks for a newer version once a day and loads it. */
  automatic: z.boolean().default(true)
})

const prices = z.strictObject({
  /** Newer prices are fetched from the network once a day. */
  update: z.boolean().default(false)
})

/** Assistants whose settings lead to Routex. */
const clients = z.strictObject({
  /** `keep`: they can't connect until Routex is back; `restore`: they go direct meanwhile, and are connected again at its start. */
  atQuit: z.enum(['keep', 'restore']).default('keep')
})

/** Every setting with its default: what unset means. The config file takes the same fields. */
export const settings = z.strictObject({
  strategy: z.enum(STRATEGIES).default('priority'),
  host: host.default('127.0.0.1'),
  /** 0 picks a free one. */
  port: z.int().min(0).max(65_535).default(8080),
  /** Host names beside the loopback ones that the listener answers to (RFC 9110 Host, without port). */
  allowedHosts: z.array(allowedHost).default([]),
  /** Web origins that may call the gateway (`https://app.example`); none by default. */
  allowedOrigins: z.array(allowedOrigin).default([]),
  /** false: keyless requests from this machine are served; can't be combined with a non-loopback host. */
  keyRequired: z.boolean().default(true),
  /** B22, MiB of a request body after decoding. */
  bodyLimitMiB: z.int().min(1).max(1024).default(64),
  retention: retention.default({ days: 90, maxMiB: 2048 }),
  appearance: appearance.default({ theme: 'system', language: 'system' }),
  startUp: startUp.default({ atLogin: false, hidden: true }),
  notifications: notifications.default({
    channelFailing: true,
    channelBack: true,
    updateReady: true,
    budget: true
  }),
  updates: updates.default({ automatic: true }),
  prices: prices.default({ update: false }),
  clients: clients.default({ atQuit: 'keep' }),
  /** *Use only this one*: every other channel is left out; null: all are used. Forgotten when that channel is deleted. */
  onlyChannel: channelId.nullable().default(null),
  /** The first run's steps were gone through or skipped. */
  firstRunDone: z.boolean().default(false)
})
export type Settings = Readonly<z.infer<typeof settings>>

/** A change: only what is given changes. (Not `.partial()` of the above: its defaults would fill in what was not said.) */
export const settingsPatch = z.strictObject({
  strategy: z.enum(STRATEGIES).optional(),
  host: host.optional(),
  port: z.int().min(0).max(65_535).optional(),
  allowedHosts: z.array(allowedHost).optional(),
  allowedOrigins: z.array(allowedOrigin).optional(),
  keyRequired: z.boolean().optional(),
  bodyLimitMiB: z.int().min(1).max(1024).optional(),
  retention: z
    .strictObject({
      days: retention.shape.days.unwrap().optional(),
      maxMiB: retention.shape.maxMiB.unwrap().optional()
    })
    .optional(),
  appearance: z
    .strictObject({
      theme: appearance.shape.theme.unwrap().optional(),
      language: appearance.shape.language.unwrap().optional()
    })
    .optional(),
  startUp: z.strictObject({ atLogin: z.boolean().optional(), hidden: z.boolean().optional() }).optional(),
  notifications: z
    .strictObject({
      channelFailing: z.boolean().optional(),
      channelBack: z.boolean().optional(),
      updateReady: z.boolean().optional(),
      budget: z.boolean().optional()
    })
    .optional(),
  updates: z.strictObject({ automatic: z.boolean().optional() }).optional(),
  prices: z.strictObject({ update: z.boolean().optional() }).optional(),
  clients: z.strictObject({ atQuit: clients.shape.atQuit.unwrap().optional() }).optional(),
  onlyChannel: channelId.nullable().optional(),
  firstRunDone: z.boolean().optional()
})
export type SettingsPatch = z.infer<typeof settingsPatch>

/** What the config file may set: ids of channels and the state of the UI are not its business. */
export const fileSettings = settingsPatch.omit({ onlyChannel: true, firstRunDone: true })
