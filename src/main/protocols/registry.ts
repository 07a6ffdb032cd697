import type { ProtocolId } from '../../shared/protocol'
import { anthropic } from './anthropic'
import { gemini } from './gemini'
import { openaiChat } from './openai-chat'
import { openaiResponses } from './openai-responses'
import { entryOf } from './foreign-json'
import type { Headers, Operation, Protocol, Route } from './protocol'

export const protocols: Readonly<Record<ProtocolId, Protocol>> = {
  anthropic,
  'openai-chat': openaiChat,
  'openai-responses': openaiResponses,
  gemini
}

/** A path that no protocol serves, or not with this method; `protocol` gives the error its shape. */
export interface NoRoute {
  readonly kind: 'unknown_path' | 'method_not_allowed'
  readonly protocol: ProtocolId
}

interface FixedRoute {
  readonly protocol: ProtocolId
  readonly operation: Operation
  /** Never streamed, whatever the body says. */
  readonly whole?: true
}

/** Paths without a variable part, all POST. */
const FIXED: Readonly<Record<string, FixedRoute>> = {
  '/v1/messages': { protocol: 'anthropic', operation: 'generate' },
  '/v1/messages/count_tokens': { protocol: 'anthropic', operation: 'count_tokens', whole: true },
  '/v1/chat/completions': { protocol: 'openai-chat', operation: 'generate' },
  '/v1/completions': { protocol: 'openai-chat', operation: 'complete' },
  '/v1/embeddings': { protocol: 'openai-chat', operation: 'embed', whole: true },
  '/v1/responses': { protocol: 'openai-responses', operation: 'generate' },
  '/v1/responses/compact': { protocol: 'openai-responses', operation: 'generate', whole: true },
  '/v1/responses/input_tokens': { protocol: 'openai-responses', operation: 'count_tokens', whole: true }
}

const GEMINI_OPERATIONS: Readonly<Record<string, Operation>> = {
  generateContent: 'generate',
  streamGenerateContent: 'generate',
  countTokens: 'count_tokens',
  embedContent: 'embed',
  batchEmbedContents: 'embed'
}

/** `/v1beta/models/{model}:{operation}`; a model's name may hold slashes and percent signs, its colon may be encoded. */
const GEMINI_PATH = /^\/(v1(?:alpha|beta)?)\/((models|tunedModels)\/(.+)(?::|%3A)(\w+))$/i
/** A response, or what is asked of it. */
const STATE_PATH = /^\/v1\/(responses\/([^/]+)(?:\/(cancel|input_items))?)$/

/**
 * What a path asks for. `path` is as it came, `query` without its `?`. Lists of models, `/health` and the like are the
 * listener's and unknown here.
 */
export function matchRoute(method: string, path: string, query: string): Route | NoRoute {
  const fixed = entryOf(FIXED, path)
  if (fixed !== undefined) return method === 'POST' ? fixedRoute(path, fixed) : notAllowed(fixed.protocol)
  const model = GEMINI_PATH.exec(path)
  if (model !== null) return geminiRoute(method, query, model)
  const state = STATE_PATH.exec(path)
  if (state !== null) return stateRoute(method, query, state)
  return { kind: 'unknown_path', protocol: protocolOfPath(path, {}) }
}

const notAllowed = (protocol: ProtocolId): NoRoute => ({ kind: 'method_not_allowed', protocol })

function fixedRoute(path: string, { protocol, operation, whole }: FixedRoute): Route {
  return {
    protocol,
    operation,
    operationPath: path.slice('/v1/'.length),
    version: 'v1',
    model: null,
    stream: whole === true ? false : null,
    framing: 'sse',
    stateId: null
  }
}

function geminiRoute(method: string, query: string, match: RegExpExecArray): Route | NoRoute {
  const [, version = '', operationPath = '', kind = '', encoded = '', name = ''] = match
  const operation = entryOf(GEMINI_OPERATIONS, name)
  const model = decodeModel(encoded)
  if (operation === undefined || model === null) return { kind: 'unknown_path', protocol: 'gemini' }
  if (method !== 'POST') return notAllowed('gemini')
  const stream = name === 'streamGenerateContent'
  const isSse = new URLSearchParams(query).get('alt') === 'sse'
  return {
    protocol: 'gemini',
    operation,
    operationPath,
    version,
    model: kind === 'tunedModels' ? `tunedModels/${model}` : model.replace(/^models\//, ''),
    stream,
    framing: stream && !isSse ? 'json-array' : 'sse',
    stateId: null
  }
}

/** null for a name that would climb out of its place in the upstream's path, or is wrongly encoded. */
function decodeModel(encoded: string): string | null {
  try {
    const model = decodeURIComponent(encoded)
    return model.split(/[/\\]/).some((segment) => segment === '..' || segment === '.') ? null : model
  } catch {
    return null // `%` that begins no character: no model has such a name
  }
}

function stateRoute(method: string, query: string, match: RegExpExecArray): Route | NoRoute {
  const [, operationPath = '', encoded = '', action = ''] = match
  const stateId = decodeModel(encoded)
  if (stateId === null) return { kind: 'unknown_path', protocol: 'openai-responses' }
  const methods = action === 'cancel' ? ['POST'] : action === 'input_items' ? ['GET'] : ['GET', 'DELETE']
  if (!methods.includes(method)) return notAllowed('openai-responses')
  return {
    protocol: 'openai-responses',
    operation: 'response_state',
    operationPath,
    version: 'v1',
    model: null,
    stream: method === 'GET' && new URLSearchParams(query).get('stream') === 'true',
    framing: 'sse',
    stateId
  }
}

/** In which shape a caller of this path wants its errors: by path, then by headers, else as OpenAI's chat. */
export function protocolOfPath(path: string, headers: Headers): ProtocolId {
  if (/^\/v1\/messages(?:\/|$)/.test(path)) return 'anthropic'
  if (/^\/v1(?:alpha|beta)\//.test(path) || GEMINI_PATH.test(path)) return 'gemini'
  if (/^\/v1\/responses(?:\/|$)/.test(path)) return 'openai-responses'
  if (headers['x-goog-api-key'] !== undefined) return 'gemini'
  if (headers['anthropic-version'] !== undefined) return 'anthropic'
  return 'openai-chat'
}
