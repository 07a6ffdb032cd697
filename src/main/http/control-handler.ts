import type { Logger } from '../../shared/ports'
import { answerJson } from './answer-json'
import type { ApiRoute } from './api-route'
import { isClientGone } from './client-gone'
import type { ListenerOptions } from './listener'
import { checkSource } from './request-guard'

/** Nothing but this machine's own programs. */
const NO_EXCEPTIONS = { allowedHosts: [], allowedOrigins: [] }

/** Answers the management API and nothing else. Never rejects. */
export function createControlHandler(api: ApiRoute, logger: Logger): ListenerOptions['handle'] {
  return async (request, response, boundHost) => {
    const { method = 'GET', headers, socket } = request
    const verdict = checkSource({ method, headers, localAddress: socket.localAddress, boundHost }, NO_EXCEPTIONS)
    if (verdict.kind === 'refuse') {
      answerJson(response, verdict.status, { code: 'forbidden', message: verdict.message })
      return
    }
    const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
    if (!path.startsWith('/api/')) {
      answerJson(response, 404, { code: 'not_found', message: `There is nothing at ${path}` })
      return
    }
    try {
      await api.handle(request, response, path.slice('/api/'.length), query)
    } catch (error) {
      if (isClientGone(error)) return
      logger.error('a call of the control listener failed', { path, error })
      response.destroy()
    }
  }
}
