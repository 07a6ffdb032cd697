import { z } from 'zod'
import { RULES } from './rules'

const LABEL = /^[a-z\d_](?:[a-z\d_-]{0,61}[a-z\d_])?$/i
const ZONE = /%[\w.-]+$/

/** RFC 1123 2.1, with the underscore that machines are named with all the same; a last label of digits is a bad address. */
export function isHostName(text: string): boolean {
  const labels = text.split('.')
  return labels.every((label) => LABEL.test(label)) && !/^\d+$/.test(labels.at(-1) ?? '')
}

/** Of either version, without zone or brackets. */
export const isIpAddress = (text: string): boolean =>
  z.ipv4().safeParse(text).success || z.ipv6().safeParse(text).success

/** What can be listened on, as far as it can be seen from the text alone. */
export const host = z
  .string()
  .max(255)
  .refine((text) => isIpAddress(text.replace(ZONE, '')) || isHostName(text), RULES.host)
