import type { ClientKey } from '../../shared/client-key'
import { renderModel, renderModelList, type ModelListShape } from '../protocols/model-list'
import type { ClientReply, ClientRequest } from '../proxy/ports'
import type { ListenerRefusal } from './routes'

export interface ModelListOptions {
  /** The client's key (null: keyless, where that is allowed), or why it is turned away. */
  readonly authenticate: (
    request: ClientRequest
  ) => { readonly ok: true; readonly key: ClientKey | null } | { readonly ok: false; readonly refusal: ListenerRefusal }
  /** Names that this key may ask for. */
  readonly list: (key: ClientKey | null) => Promise<readonly string[]>
  /** Answers in the shape of the caller's protocol and leaves one row (B30). */
  readonly refuse: (request: ClientRequest, reply: ClientReply, refusal: ListenerRefusal) => void
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
  return async (request, reply) => {
    const authenticated = options.authenticate(request)
    if (!authenticated.ok) {
      options.refuse(request, reply, authenticated.refusal)
      return
    }
    const names = await options.list(authenticated.key)
    const asked = askedModel(request.path)
    if (asked !== null && !names.includes(asked)) {
      const message = `No channel that this key may use has the model ${asked.slice(0, 200)}`
      options.refuse(request, reply, { kind: 'not_found', status: 404, message })
      return
    }
    const shape = shapeOf(request)
    const body = asked === null ? renderModelList(shape, names) : renderModel(shape, asked)
    reply.send(200, ['content-type', 'application/json'], body)
  }
}
