import { z } from 'zod'
import { isHostName, isIpAddress } from './host'

/** As a `Host` header can carry it (RFC 9110 7.2), its port aside: a zone stays on its machine, and IDNs come as `xn--…`. */
function isHostOfHeader(text: string): boolean {
  const bracketed = /^\[(.*:.*)\]$/.exec(text)?.[1]
  return isIpAddress(bracketed ?? text) || isHostName(text.replace(/\.$/, ''))
}

/** A host name beside the loopback ones that the listener answers to, in any letter case, IPv6 with or without brackets. */
export const allowedHost = z
  .string()
  .max(255)
  .refine(
    isHostOfHeader,
    'must be a host name or an IP address as a Host header has it (gateway.lan, 192.168.1.5, 2001:db8::1), without scheme, port, path, spaces or wildcards'
  )

const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[^\s/?#@*]+\/?$/i

/** A web origin (RFC 6454 6.1), in any letter case; a slash behind it does no harm. */
export const allowedOrigin = z
  .string()
  .max(255)
  .refine(
    (text) => ORIGIN.test(text) && URL.canParse(text),
    'must be a web origin with its scheme (https://app.example, http://192.168.1.5:3000), without path, spaces or wildcards'
  )
