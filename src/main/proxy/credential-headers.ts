import type { Channel } from '../../shared/channel'
import type { Protocol } from '../protocols/protocol'

/** The headers that carry a channel's credential: its protocol's own, or the one that its vendor wants (`quirks.authHeader`). */
export function credentialHeaders(
  { quirks }: Pick<Channel, 'quirks'>,
  protocol: Protocol,
  credential: string
): Readonly<Record<string, string>> {
  const { authHeader } = quirks
  if (authHeader === undefined) return protocol.credentialHeaders(credential)
  return { [authHeader]: authHeader === 'authorization' ? `Bearer ${credential}` : credential }
}
