import type { Lease } from '../channels/lease'
import { credentialHeaders } from './credential-headers'
import { upstreamHeaders } from './forward-headers'
import type { Passage } from './passage'
import type { ClientRequest, UpstreamRequest } from './ports'
import { targetOf } from './target'
import { withFields } from './body-fields'
import { viaTo } from './via'

/**
 * The request as it goes to one channel, by its passage. `client` is what the client called and with which headers; `instance`
 * names this Routex (B41).
 */
export function prepareUpstreamRequest(
  passage: Passage,
  client: Pick<ClientRequest, 'method' | 'headers'>,
  lease: Lease,
  credential: string | undefined,
  stream: boolean,
  instance: string
): UpstreamRequest {
  const { channel } = lease
  const url = targetOf(passage, lease, stream)
  const body = passage.body()
  return {
    method: client.method,
    url,
    headers: upstreamHeaders({
      client: passage.headers,
      channel,
      credential: credential === undefined ? {} : credentialHeaders(channel, passage.protocol, credential),
      hasBody: body !== null,
      stream,
      via: viaTo(url, client.headers, instance)
    }),
    body: body === null ? null : withFields(body, channel.quirks)
  }
}
