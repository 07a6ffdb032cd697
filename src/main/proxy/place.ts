import type { ClientKey } from '../../shared/client-key'
import type { ChannelId } from '../../shared/ids'
import type { SelectionRequest } from '../channels/selection'
import { isDemoResponse } from '../protocols/demo-content'
import type { Route } from '../protocols/protocol'
import type { ProxyDependencies } from './dependencies'
import type { ParsedRequest } from './parse-request'
import { ProxyError } from './refusal'

/**
 * What the choice of a channel goes by. A request that names state (protocols.md) goes to the channel that made it; one
 * whose maker isn't known goes the usual way and gets the vendor's own error, but for `/v1/responses/{id}`, which is 404, and for
 * one that no channel could be asked for.
 * @throws ProxyError `not_found`, `state_not_found`
 */
export function place(parts: ProxyDependencies, request: ParsedRequest): SelectionRequest {
  const { facts, route, key } = request
  const stateId = route.stateId ?? facts.stateId
  const stateHolder = stateId === null ? null : holderOf(parts, stateId)
  if (route.operation === 'response_state' && stateHolder === null) throw notFound(stateId ?? '')
  const { onlyChannel, strategy } = parts.config.settings()
  const selection: SelectionRequest = {
    channels: parts.config.channels(),
    strategy,
    protocol: route.protocol,
    // State that a channel holds is none that another could be told of.
    translates: stateId === null && isTranslatable(route),
    operation: route.operation,
    model: request.model,
    ...allowanceOf(key),
    onlyChannel,
    stateHolder,
    session: sessionOf(request)
  }
  const isUnknown = stateId !== null && stateHolder === null
  if (isUnknown && !parts.selector.couldServe(selection)) throw unknownState(stateId)
  return selection
}

const allowanceOf = (key: ClientKey | null): Pick<SelectionRequest, 'clientKeyId' | 'allowedChannels'> =>
  key === null
    ? { clientKeyId: null, allowedChannels: null }
    : { clientKeyId: key.id, allowedChannels: key.allowedChannels }

const sessionOf = ({ session, facts }: ParsedRequest): SelectionRequest['session'] =>
  session === null ? null : { ...session, hasAssistantTurn: facts.hasAssistantTurn }

/** Compaction is one vendor's own affair. */
const isTranslatable = ({ operation, operationPath }: Route): boolean =>
  operation === 'generate' && operationPath !== 'responses/compact'

/** As the vendors put it, where no channel could even be asked: https://platform.openai.com/docs/guides/conversation-state */
function unknownState(id: string): ProxyError {
  const isResponse = id.startsWith('resp_')
  const what = isResponse ? 'Previous response' : 'Item'
  return new ProxyError('state_not_found', `${what} with id '${id.slice(0, 200)}' not found.`, {
    status: isResponse ? 400 : 404
  })
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
