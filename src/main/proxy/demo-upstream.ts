import type { CountTokens } from '../protocols/token-counter'
import type { ParsedRequest } from './parse-request'
import { UpstreamError, type UpstreamExchange, type UpstreamSink } from './ports'

/**
 * The built-in Demo channel's upstream: no network, the protocol's own demo answer, told to the sink as a real one would
 * be, so that everything behind it is the same path.
 */
export function sendToDemo(request: ParsedRequest, countTokens: CountTokens, sink: UpstreamSink): UpstreamExchange {
  let state: 'flowing' | 'paused' | 'aborted' = 'flowing'
  let resume: (() => void) | null = null
  const exchange: UpstreamExchange = {
    pause: () => {
      if (state === 'flowing') state = 'paused'
    },
    resume: () => {
      if (state === 'paused') state = 'flowing'
      resume?.()
    },
    abort: () => {
      state = 'aborted'
      resume?.()
    }
  }
  const answer = async (): Promise<void> => {
    const { protocol, route, content, stream } = request
    const demo = await protocol.demoAnswer(route, content.json, stream, countTokens)
    if (exchangeIs('aborted')) return
    sink.connected()
    sink.head(demo.status, { 'content-type': demo.contentType })
    for (const piece of demo.pieces) {
      if (exchangeIs('paused')) await new Promise<void>((resolve) => (resume = resolve))
      if (exchangeIs('aborted')) return
      sink.data(piece)
    }
    if (!exchangeIs('aborted')) sink.end()
  }
  const exchangeIs = (wanted: typeof state): boolean => state === wanted
  answer().catch((cause: unknown) =>
    sink.fail(new UpstreamError('protocol', 'The demo answer could not be made', { cause }))
  )
  return exchange
}
