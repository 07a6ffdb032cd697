import { isObject, listIn, textIn, type JsonObject } from '../protocols/foreign-json'
import { isReference } from '../protocols/item-reference'
import { jsonBytes } from '../protocols/json-bytes'
import type { Protocol } from '../protocols/protocol'
import { withContent, type GoingOn, type ParsedRequest } from './parse-request'
import type { Passage } from './passage'
import { listKeptItems } from './kept-items'
import { streamOfKept } from './kept-stream'
import { ProxyError } from './refusal'
import { inputOf, type Keeper, type ResponseStore } from './response-store'

/**
 * A Responses request, or a count of its tokens, with the earlier answers that it names and that are kept here (the channel that
 * gave them keeps none) put in their place. Every other request as it is.
 */
export function recall(responses: ResponseStore, request: ParsedRequest): ParsedRequest {
  // What names nothing goes as it came, so that it is not looked through for its numbers.
  if (!mayName(request) || !namesAnything(request.content.json)) return request
  const body = request.content.exactJson
  if (!isObject(body)) return request
  const recalled = responses.recall(body, request.key?.id ?? null)
  return recalled === body ? request : { ...withContent(request, recalled), goesOn: goingOn(body, recalled) }
}

/**
 * What keeps the request's answer; null where nothing is to be kept, or its channel keeps it itself. It is to be asked for
 * while the content is there.
 */
export function keeperOf(responses: ResponseStore, request: ParsedRequest, { translates }: Passage): Keeper | null {
  const body = translates && keepsItsAnswer(request) ? request.content.exactJson : undefined
  return isObject(body) ? responses.keeperFor(asAsked(body, request.goesOn), request.key?.id ?? null) : null
}

const keepsItsAnswer = ({ protocol, route }: ParsedRequest): boolean =>
  keepsResponses(protocol) && route.operation === 'generate'

const mayName = (request: ParsedRequest): boolean =>
  keepsItsAnswer(request) || (keepsResponses(request.protocol) && request.route.operation === 'count_tokens')

const namesAnything = (json: unknown): boolean =>
  textIn(json, 'previous_response_id') !== null || listIn(json, 'input').some(isReference)

function goingOn(body: JsonObject, recalled: JsonObject): GoingOn | null {
  const from = 'previous_response_id' in recalled ? null : textIn(body, 'previous_response_id')
  return from === null ? null : { from, items: inputOf(recalled).length - inputOf(body).length }
}

/** The body as it was before the conversation was put in. */
const asAsked = (body: JsonObject, goesOn: GoingOn | null): JsonObject =>
  goesOn === null ? body : { ...body, previous_response_id: goesOn.from, input: inputOf(body).slice(goesOn.items) }

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
