/**
 * Names and addresses that always mean this machine: `localhost` and names below it (RFC 6761), 127.0.0.0/8 and ::1, with
 * or without brackets or a last dot, in any letter case, and mapped into IPv6 (RFC 4291) as it is written or as `URL` prints it.
 */
export function isLoopbackHost(host: string): boolean {
  const name = host.replace(/^\[|[\].]$/g, '').toLowerCase()
  if (name === 'localhost' || name.endsWith('.localhost') || name === '::1') return true
  return /^(::ffff:)?127(\.\d{1,3}){3}$/.test(name) || /^::ffff:7f[\da-f]{2}:[\da-f]{1,4}$/.test(name)
}

/**
 * Why these settings can't be put in force; null when they can. Keyless requests are for this machine alone, so a key is
 * required as soon as others can reach the gateway.
 */
export function bindConflict(settings: { readonly host: string; readonly keyRequired: boolean }): string | null {
  if (settings.keyRequired || isLoopbackHost(settings.host)) return null
  return `must be true while host is ${settings.host}: only a gateway that this machine alone can reach may serve without keys`
}
