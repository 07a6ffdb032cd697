import type { ClientSnippet, Shell } from '../../../shared/clients'
import type { ProtocolId } from '../../../shared/protocol'
import { ClientError } from '../client-error'
import type { Offer } from '../wish'
import { assistantSnippets } from './assistants'
import { sdkSnippets } from './sdks'

export interface SnippetQuestion {
  readonly shell: Shell
  readonly key: string
  /** Where a program speaks it; else its usual one. */
  readonly protocol?: ProtocolId | undefined
  readonly model?: string | undefined
}

/** What to copy where, for every program that is connected by hand. @throws ClientError `gateway_off` */
export function snippetsFor(offer: Offer, { shell, key, protocol: asked, model }: SnippetQuestion): ClientSnippet[] {
  const url = offer.url()
  if (url === null)
    throw new ClientError('gateway_off', 'The gateway is off, so its address is not known: turn it on first')
  const usual = asked ?? offer.usualProtocol()
  return [...assistantSnippets, ...sdkSnippets].map(({ id, name, protocols, parts }) => {
    const protocol = protocols.includes(usual) ? usual : (protocols[0] ?? usual)
    const values = { url, key, shell, protocol, model: model ?? offer.models(protocol)[0] ?? 'demo' }
    return { id, name, protocols: [...protocols], protocol, parts: [...parts(values)] }
  })
}
