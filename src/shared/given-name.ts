import { z } from 'zod'
import { RULES } from './rules'

/** What a user calls a channel or a key. It stands in headers, logs and terminals, so it holds no control characters. */
export const givenName = z
  .string()
  .trim()
  .min(1)
  .max(80)
  .regex(/^\P{Cc}*$/u, RULES.no_control_characters)
