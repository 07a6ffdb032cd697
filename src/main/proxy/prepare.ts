import type { Channel } from '../../shared/channel'
import type { Lease } from '../channels/lease'
import { objectIn } from '../protocols/foreign-json'
import { insertTopLevel } from '../protocols/json-edit'
import { upstreamUrl } from '../protocols/upstream-url'
import { upstreamHeaders } from './forward-headers'
import type { ParsedRequest } from './parse-request'
import type { UpstreamRequest } from './ports'
import { viaTo } from './via'

/**
 * The request as it goes to one channel: the client's bytes as they are (B13), but for the model's name where the
 * channel maps it, and the question for usage where the channel asks for it. `stripped` is the body without signatures
 * for the second try of B14; then it is written anew. `instance` names this Routex (B41).
 */
export function prepareUpstreamRequest(
  request: ParsedRequest,
  lease: Lease,
  credential: string | undefined,
  stripped: unknown,
  instance: string
): UpstreamRequest {
  const { client, protocol } = request
  const { channel } = lease
  const url = targetOf(request, lease)
  const body = stripped === undefined ? request.content.body : Buffer.from(JSON.stringify(stripped))
  return {
    method: client.method,
    url,
    headers: upstreamHeaders({
      client: client.headers,
      channel,
      credential: credential === undefined ? {} : protocol.credentialHeaders(credential),
      hasBody: body !== null,
      stream: request.stream,
      via: viaTo(url, client.headers, instance)
    }),
    body: body === null ? null : editBody(body, request, lease)
  }
}

/** Where a channel's requests go, by what the client asked for; a handful for each frozen channel. */
const targets = new WeakMap<Channel, Map<string, URL>>()
const MOST_TARGETS = 200

function targetOf({ client, protocol, route }: ParsedRequest, { channel, model }: Lease): URL {
  let known = targets.get(channel)
  if (known === undefined) targets.set(channel, (known = new Map<string, URL>()))
  const asked = `${model ?? ''} ${route.version}/${route.operationPath}?${client.query}`
  let url = known.get(asked)
  if (url === undefined) {
    url = upstreamUrl(channel.baseUrl, protocol, route, client.query, model)
    if (known.size >= MOST_TARGETS) known.clear()
    known.set(asked, url)
  }
  return url
}

function editBody(body: Buffer, request: ParsedRequest, lease: Lease): Buffer {
  const { protocol, facts, model, stream } = request
  const renamed = lease.model === null || lease.model === model ? body : protocol.renameModel(body, lease.model)
  const asks = lease.channel.askForUsage && stream && !facts.asksForUsage && protocol.id === 'openai-chat'
  return asks ? insertTopLevel(renamed, 'stream_options', streamOptions(request.content.json)) : renamed
}

/** The client's own options, with the question for usage beside them. */
function streamOptions(json: unknown): string {
  return JSON.stringify({ ...objectIn(json, 'stream_options'), include_usage: true })
}
