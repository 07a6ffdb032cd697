import { z } from 'zod'
import { isHostName, isIpAddress } from './host'
import { RULES } from './rules'

/** As a `Host` header can carry it (RFC 9110 7.2), its port aside: a zone stays on its machine, and IDNs come as `xn--…`. */
function isHostOfHeader(text: string): boolean {
  const bracketed = /^\[(.*:.*)\]$/.exec(text)?.[1]
  return isIpAddress(bracketed ?? text) || isHostName(text.replace(/\.$/, ''))
}

/** A host name beside the loopback ones that the listener answers to, in any letter case, IPv6 with or without brackets. */
export const allowedHost = z.string().max(255).refine(isHostOfHeader, RULES.allowed_host)

const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@*]+\/?$/i

/** A web origin (RFC 6454 6.1), in any letter case; a slash behind it does no harm. */
export const allowedOrigin = z
  .string()
  .max(255)
  .refine((text) => ORIGIN.test(text) && URL.canParse(text), RULES.allowed_origin)
