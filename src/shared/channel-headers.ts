import { z } from 'zod'
import { RULES } from './rules'

/** Of one connection, or set anew for what is really sent (RFC 9110 7.6.1): as a channel's own they could only do harm. */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade'
])

function isOfTheConnection(name: string): boolean {
  const lower = name.toLowerCase()
  return OF_THE_CONNECTION.has(lower) || lower.startsWith('proxy-')
}

const headerName = z
  .string()
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, RULES.header_name)
  .refine((name) => !isOfTheConnection(name), RULES.header_of_connection)
const headerValue = z.string().regex(/^[\t\x20-\x7e\x80-\xff]*$/, RULES.header_value)

/** The headers that a channel adds to each request. */
export const channelHeaders = z.record(headerName, headerValue)

/** Headers that are known to hold no credential. Any other may, whatever it is called: vendors and proxies name them freely. */
const HARMLESS: ReadonlySet<string> = new Set([
  'accept',
  'accept-language',
  'anthropic-beta',
  'anthropic-version',
  'cache-control',
  'content-type',
  'http-referer',
  'openai-beta',
  'openai-organization',
  'openai-project',
  'referer',
  'user-agent',
  'x-title'
])

/** Its value may be shown and kept in clear. */
export const isHarmlessHeader = (name: string): boolean => HARMLESS.has(name.toLowerCase())
