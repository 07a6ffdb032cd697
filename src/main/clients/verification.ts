import type { ClientConflict, ClientId } from '../../shared/clients'
import type { ProtocolId } from '../../shared/protocol'
import type { Machine } from './client'
import { isSameAddress } from './lead'
import { readClient } from './read-client'
import type { ClientRecord } from './record-store'
import { clients } from './registry'
import { surroundingsOf, type Asked } from './survey'
import { wishFor, type Offer } from './wish'

/** What a request is sent with that stands for one of the client's own; or why it would not come here. */
export type Verification = {
  readonly protocol: ProtocolId
  readonly model: string
  /** What beats its settings where the question comes from. */
  readonly conflicts: readonly ClientConflict[]
} & ({ readonly kind: 'ready'; readonly key: string } | { readonly kind: 'elsewhere'; readonly message: string })

interface Question {
  readonly id: ClientId
  readonly record: ClientRecord | null
  readonly model: string | undefined
  readonly asked: Asked
}

/**
 * Reads the client's settings as the client does: its address and its key, whoever wrote them.
 *
 * @throws ClientError `gateway_off`
 */
export async function verificationOf(
  machine: Machine,
  offer: Offer,
  { id, record, model, asked: place }: Question
): Promise<Verification> {
  const client = clients[id]
  const options = record?.options ?? {}
  const { protocol, models, url } = wishFor(client, offer, options, '')
  const read = await readClient(machine, client)
  const lead = client.leadOf(read.documents)
  const conflicts = await client.conflicts(await surroundingsOf(machine, read, url, place))
  const asked = { protocol, model: model ?? Object.values(options.models ?? {})[0] ?? models[0] ?? 'demo', conflicts }
  if (lead.url === null) {
    return {
      kind: 'elsewhere',
      ...asked,
      message: `${client.name}'s settings name no address, so it does not ask Routex`
    }
  }
  if (!isSameAddress(lead.url, url)) {
    const { host } = URL.canParse(lead.url) ? new URL(lead.url) : { host: 'another address' }
    return { kind: 'elsewhere', ...asked, message: `${client.name}'s settings send it to ${host}, not to ${url}` }
  }
  if (lead.key === null) {
    return { kind: 'elsewhere', ...asked, message: `${client.name}'s settings hold no key, so Routex would refuse it` }
  }
  return { kind: 'ready', ...asked, key: lead.key }
}
