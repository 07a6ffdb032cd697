import { PROTOCOLS, type ProtocolId } from '../../shared/protocol'
import type { Signature } from './canonical'

/** Not part of any vendor's alphabet of signatures (base64), so that what was wrapped is known again. */
const PREFIX = 'routex:'

/**
 * A signature as it is handed to a client of protocol `own`: its own vendor's as it is, another's wrapped with its maker's
 * name, so that it comes back and finds its way to the vendor that can read it (B14).
 */
export const wrapSignature = ({ maker, value }: Signature, own: ProtocolId): string =>
  maker === own ? value : `${PREFIX}${maker}:${value}`

/** Whether a client got it from a vendor of another protocol. */
export const isWrapped = (value: unknown): boolean => typeof value === 'string' && value.startsWith(PREFIX)

/** Begins ids that are made for clients, behind the protocol's own prefix, so that what they name is known again. */
export const MADE_UP = 'routex_'

/** What a client of protocol `own` sent back. */
export function unwrapSignature(text: string, own: ProtocolId): Signature {
  if (!text.startsWith(PREFIX)) return { maker: own, value: text }
  const rest = text.slice(PREFIX.length)
  const maker = PROTOCOLS.find((id) => rest.startsWith(`${id}:`))
  return maker === undefined ? { maker: own, value: text } : { maker, value: rest.slice(maker.length + 1) }
}
