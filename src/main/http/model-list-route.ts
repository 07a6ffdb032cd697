import type { ClientKey } from '../../shared/client-key'
import { renderModel, renderModelList, type ModelListShape } from '../protocols/model-list'
import type { ClientReply, ClientRequest } from '../proxy/ports'
import { ProxyError } from '../proxy/refusal'

export interface ModelListOptions {
  /**
   * Finds the client's key (null: keyless, where that is allowed), answers with what `list` makes or throws, and leaves
   * one row (B30).
   */
  readonly serve: (
    request: ClientRequest,
    reply: ClientReply,
    list: (key: ClientKey | null) => Promise<Buffer>
  ) => Promise<void>
  /** Names that this key may ask for. */
  readonly list: (key: ClientKey | null, request: ClientRequest) => Promise<readonly string[]>
}

/** Which vendor's list the caller expects (protocols.md, Counts and models). */
function shapeOf({ path, headers }: ClientRequest): ModelListShape {
  if (path.startsWith('/v1beta/') || headers['x-goog-api-key'] !== undefined) return 'gemini'
  return headers['anthropic-version'] === undefined ? 'openai' : 'anthropic'
}

/** `/v1/models/claude-x` → `claude-x`; null for the list itself. A name may hold slashes, encoded or not. */
function askedModel(path: string): string | null {
  const rest = path.replace(/^\/[^/]+\/models\/?/, '')
  if (rest === '') return null
  try {
    return decodeURIComponent(rest)
  } catch {
    return rest // not encoded by any rule, so it stands for itself
  }
}

/** `GET /v1/models`, `/v1beta/models` and `/…/models/{id}`, merged over the channels that the client's key may use. */
export function createModelListRoute(
  options: ModelListOptions
): (request: ClientRequest, reply: ClientReply) => Promise<void> {
  return (request, reply) =>
    options.serve(request, reply, async (key) => {
      const names = await options.list(key, request)
      const asked = askedModel(request.path)
      const shape = shapeOf(request)
      if (asked === null) return renderModelList(shape, names)
      if (names.includes(asked)) return renderModel(shape, asked)
      throw new ProxyError('not_found', `No channel that this key may use has the model ${asked.slice(0, 200)}`)
    })
}
