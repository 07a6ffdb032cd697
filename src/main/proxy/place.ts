import type { ChannelId } from '../../shared/ids'
import type { SelectionRequest } from '../channels/selection'
import { isDemoResponse } from '../protocols/demo-content'
import type { ProxyDependencies } from './dependencies'
import type { ParsedRequest } from './parse-request'
import { ProxyError } from './refusal'

/**
 * What the choice of a channel goes by. A request that names state (protocols.md) goes to the channel that made it; one
 * whose maker isn't known goes the usual way and gets the vendor's own error, but for `/v1/responses/{id}`, which is 404.
 * @throws ProxyError `not_found`
 */
export function place(parts: ProxyDependencies, request: ParsedRequest): SelectionRequest {
  const { facts, route, key, session } = request
  const stateId = route.stateId ?? facts.stateId
  const stateHolder = stateId === null ? null : holderOf(parts, stateId)
  if (route.operation === 'response_state' && stateHolder === null) throw notFound(stateId ?? '')
  const { onlyChannel, strategy } = parts.config.settings()
  return {
    channels: parts.config.channels(),
    strategy,
    protocol: route.protocol,
    operation: route.operation,
    model: request.model,
    clientKeyId: key?.id ?? null,
    allowedChannels: key?.allowedChannels ?? null,
    onlyChannel,
    stateHolder,
    session: session === null ? null : { ...session, hasAssistantTurn: facts.hasAssistantTurn }
  }
}

/** null: not known, or deleted since. */
function holderOf({ config, stateHolders }: ProxyDependencies, stateId: string): ChannelId | null {
  const holder = stateHolders.holderOf(stateId)
  return holder !== null && config.channel(holder) === undefined ? null : holder
}

function notFound(id: string): ProxyError {
  const why = isDemoResponse(id) ? 'the Demo keeps none' : 'no channel is known to have answered with it'
  return new ProxyError('not_found', `Response with id '${id}' not found: ${why}`)
}
