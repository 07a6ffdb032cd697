import { z } from 'zod'
import { budget } from './budget'
import { channelInput } from './channel'
import { givenName } from './given-name'
import { fileSettings } from './settings'

/** A key that clients present, as the config file sets it: long enough not to be guessed, and fit for an HTTP header. */
const fileClientKey = z.strictObject({
  name: givenName,
  key: z
    .string()
    .min(16)
    .max(512)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces'),
  /** What may be spent with it; `switchTo` is a channel's name. */
  budget: budget.nullable().default(null)
})

/**
 * The config file (`routex.json`), after `${ENV_VAR}` was filled in. What it sets is read-only in API and UI. A setting
 * that it leaves out keeps its own value; a channel takes the defaults of `channelInput`.
 */
export const fileConfig = z.strictObject({
  /** For editors; not read. */
  $schema: z.string().optional(),
  settings: fileSettings.default({}),
  channels: z.array(channelInput).max(1000).default([]),
  /** Routing rules are not in this version: the list must be empty. */
  rules: z.array(z.unknown()).max(0, 'must be empty: routing rules are not in this version').default([]),
  clientKeys: z.array(fileClientKey).max(1000).default([])
})
export type FileConfig = Readonly<z.infer<typeof fileConfig>>
