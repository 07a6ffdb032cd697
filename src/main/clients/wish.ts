import type { ClientOptions } from '../../shared/clients'
import type { ProtocolId } from '../../shared/protocol'
import type { Client, Wish } from './client'
import { ClientError } from './client-error'

/** What Routex has to offer to clients, as it is now. */
export interface Offer {
  /** Where the gateway is reached from this machine; null while it is off. */
  url(): string | null
  /** Of the channel that goes first. */
  usualProtocol(): ProtocolId
  /** Names that channels of this protocol take, the usual one first; never empty. */
  models(protocol: ProtocolId): readonly string[]
}

/** In the place of a key that is not made yet, for a preview. */
export const NEW_KEY = 'rtx-new'

const MAX_MODELS = 50

/** @throws ClientError `bad_option` */
function checkOptions(client: Client, { models = {}, protocol }: ClientOptions): void {
  const slot = Object.keys(models).find((name) => !client.modelSlots.includes(name))
  if (slot !== undefined) {
    throw new ClientError('bad_option', `${client.name} has no model ${slot}: it has ${client.modelSlots.join(', ')}`)
  }
  if (protocol !== undefined && !client.protocols.includes(protocol)) {
    throw new ClientError(
      'bad_option',
      `${client.name} does not speak ${protocol}: it speaks ${client.protocols.join(', ')}`
    )
  }
}

function protocolFor({ protocols }: Client, offer: Offer, { protocol }: ClientOptions): ProtocolId {
  const usual = protocol ?? offer.usualProtocol()
  return protocols.includes(usual) ? usual : (protocols[0] ?? usual)
}

/**
 * @param url what to say in the place of the gateway's address while it is off; left out, that is an error
 * @throws ClientError `gateway_off`, `bad_option`
 */
export function wishFor(client: Client, offer: Offer, options: ClientOptions, key: string, url = offer.url()): Wish {
  if (url === null) {
    throw new ClientError('gateway_off', 'The gateway is off, so its address is not known: turn it on first')
  }
  checkOptions(client, options)
  const protocol = protocolFor(client, offer, options)
  return { url, key, protocol, options, models: offer.models(protocol).slice(0, MAX_MODELS) }
}
