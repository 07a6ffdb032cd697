import { answerOurselves, answerWith, handBack, leave, receive, refuse } from './conclude'
import { authenticate } from './authenticate'
import { ESTIMATED, tryOrEstimate } from './count-tokens'
import type { ProxyDependencies } from './dependencies'
import { findRoute } from './find-route'
import { GONE, parseRequest } from './parse-request'
import { place } from './place'
import type { ClientReply, ClientRequest } from './ports'
import { askKept, recall } from './recall'
import type { ProxyError } from './refusal'

const MEBIBYTE = 1_048_576

/**
 * The way of a request (design.md). It always answers, and it always leaves exactly one row (B30), which is in the
 * journal before the last byte of the answer goes out.
 */
export async function handleRequest(
  parts: ProxyDependencies,
  client: ClientRequest,
  reply: ClientReply
): Promise<void> {
  const log = receive(parts, client)
  try {
    const route = findRoute(parts, client, log)
    const key = authenticate(parts.config, client)
    log.authenticated(key)

    const parsed = await parseRequest(client, route, key, parts.config.settings().bodyLimitMiB * MEBIBYTE)
    if (parsed === GONE) {
      await leave(parts, log)
      return
    }
    const request = recall(parts.responses, parsed)
    log.parsed(request, parts.clock.monotonic())
    const kept = askKept(parts.responses, request)
    if (kept !== null) {
      await answerOurselves(parts, log, reply, kept.body, [], kept.contentType)
      return
    }

    const tried = await tryOrEstimate({ parts, request, selection: place(parts, request), reply, log })
    if (tried.kind === 'gone') await leave(parts, log)
    else if (tried.kind === 'estimate') await answerOurselves(parts, log, reply, tried.body, ESTIMATED)
    else if (tried.kind === 'refused') await handBack(parts, log, reply, tried)
    else await answerWith(parts, log, request, reply, tried)
  } catch (error) {
    await refuse(parts, log, client, reply, error)
  }
}

/** Answers a request that the listener turned away (a foreign Host or Origin), in its protocol's shape and with its row. */
export function refuseRequest(
  parts: ProxyDependencies,
  client: ClientRequest,
  reply: ClientReply,
  error: ProxyError
): Promise<void> {
  return refuse(parts, receive(parts, client), client, reply, error)
}
