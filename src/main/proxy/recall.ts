import { isObject, textIn } from '../protocols/foreign-json'
import { jsonBytes } from '../protocols/json-bytes'
import type { Protocol } from '../protocols/protocol'
import { withContent, type ParsedRequest } from './parse-request'
import { listKeptItems } from './kept-items'
import { streamOfKept } from './kept-stream'
import { ProxyError } from './refusal'
import type { ResponseStore } from './response-store'

/**
 * A Responses request with the earlier answers that it names and that are kept here (the channel that gave them keeps none) put
 * in their place, and with a keeper for its own. Every other request as it is.
 */
export function recall(responses: ResponseStore, request: ParsedRequest): ParsedRequest {
  const { content, protocol, route, key } = request
  const body = content.json
  if (!keepsResponses(protocol) || route.operation !== 'generate' || !isObject(body)) return request
  const clientKeyId = key?.id ?? null
  const stored = responses.keeperFor(body, clientKeyId)
  const recalled = responses.recall(body, clientKeyId)
  if (recalled === body) return { ...request, stored }
  const goesOnFrom = 'previous_response_id' in recalled ? null : textIn(body, 'previous_response_id')
  return { ...withContent(request, recalled), stored, goesOnFrom }
}

const keepsResponses = ({ id }: Protocol): boolean => id === 'openai-responses'

export interface KeptAnswer {
  readonly contentType: string
  readonly body: Buffer
}

const jsonAnswer = (value: unknown): KeptAnswer => ({ contentType: 'application/json', body: jsonBytes(value) })

/**
 * What is asked of an answer that is kept here (`/v1/responses/{id}`); null where it is not kept here.
 * @throws ProxyError `bad_request` where it is to be cancelled: none of them ran in the background
 */
export function askKept(responses: ResponseStore, { client, key, route }: ParsedRequest): KeptAnswer | null {
  const { operation, operationPath, stateId } = route
  if (operation !== 'response_state' || stateId === null) return null
  const clientKeyId = key?.id ?? null
  const response = responses.find(stateId, clientKeyId)
  if (response === null) return null
  if (client.method === 'DELETE') {
    responses.forget(stateId, clientKeyId)
    return jsonAnswer({ id: stateId, object: 'response', deleted: true })
  }
  if (route.stream === true && operationPath === `responses/${stateId}`) {
    return { contentType: 'text/event-stream', body: streamOfKept(response, client.query) }
  }
  if (operationPath.endsWith('/cancel')) throw new ProxyError('bad_request', 'Cannot cancel a synchronous response.')
  if (!operationPath.endsWith('/input_items')) return jsonAnswer(response)
  return jsonAnswer(listKeptItems(responses.inputItems(stateId, clientKeyId) ?? [], stateId, client.query))
}
