import { z } from 'zod'

export const STRATEGIES = ['priority', 'round_robin', 'weighted', 'least_used'] as const
export type Strategy = (typeof STRATEGIES)[number]

/** How long the log is kept: whichever limit is reached first. */
const retention = z.strictObject({
  /** Days that request rows are kept. */
  days: z.int().min(1).max(3650).default(90),
  /** MiB that `logs.db` may take. */
  maxMiB: z.int().min(16).max(1_048_576).default(2048)
})

/** Every setting with its default: what unset means. The config file takes the same fields. */
export const settings = z.strictObject({
  strategy: z.enum(STRATEGIES).default('priority'),
  host: z.string().min(1).max(255).default('127.0.0.1'),
  /** 0 picks a free one. */
  port: z.int().min(0).max(65_535).default(8080),
  /** Host names beside the loopback ones that the listener answers to (RFC 9110 Host, without port). */
  allowedHosts: z.array(z.string().min(1)).default([]),
  /** Web origins that may call the gateway (`https://app.example`); none by default. */
  allowedOrigins: z.array(z.string().min(1)).default([]),
  /** false: keyless requests from this machine are served; can't be combined with a non-loopback host. */
  keyRequired: z.boolean().default(true),
  /** B22, MiB of a request body after decoding. */
  bodyLimitMiB: z.int().min(1).max(1024).default(64),
  retention: retention.default({ days: 90, maxMiB: 2048 })
})
export type Settings = Readonly<z.infer<typeof settings>>

/** A change: only what is given changes. (Not `.partial()` of the above: its defaults would fill in what was not said.) */
export const settingsPatch = z.strictObject({
  strategy: z.enum(STRATEGIES).optional(),
  host: z.string().min(1).max(255).optional(),
  port: z.int().min(0).max(65_535).optional(),
  allowedHosts: z.array(z.string().min(1)).optional(),
  allowedOrigins: z.array(z.string().min(1)).optional(),
  keyRequired: z.boolean().optional(),
  bodyLimitMiB: z.int().min(1).max(1024).optional(),
  retention: z
    .strictObject({
      days: retention.shape.days.unwrap().optional(),
      maxMiB: retention.shape.maxMiB.unwrap().optional()
    })
    .optional()
})
export type SettingsPatch = z.infer<typeof settingsPatch>
