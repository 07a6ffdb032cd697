import { z } from 'zod'
import { RULES } from './rules'

/**
 * What a user calls a channel or a key. It stands in headers, logs and terminals, so it holds no control characters, and it can be
 * seen (a zero-width space alone can't).
 */
export const givenName = z
  .string()
  .trim()
  .min(1, { abort: true })
  .max(80)
  .regex(/^\P{Cc}*$/u, RULES.no_control_characters)
  .regex(/[^\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/u, RULES.visible)
