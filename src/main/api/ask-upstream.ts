import type { Clock } from '../../shared/ports'
import type { Headers } from '../protocols/protocol'
import { UpstreamError, type UpstreamExchange, type UpstreamRequest, type UpstreamTransport } from '../proxy/ports'

export interface AskLimits {
  /** For the connection, ms. */
  readonly connectMs: number
  /** For everything, ms. */
  readonly totalMs: number
  readonly maxBytes: number
}

/** An answer that came as a whole. Times are ms after the request was sent. */
export interface WholeAnswer {
  readonly kind: 'answer'
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
  readonly connectedMs: number
  readonly headMs: number
  readonly endMs: number
}

export interface NoAnswer {
  readonly kind: 'failed'
  readonly error: UpstreamError
  /** null: no connection stood. */
  readonly connectedMs: number | null
  readonly endMs: number
}

/** Told while an answer comes. Times as in `WholeAnswer`. */
export interface AnswerProgress {
  connected(ms: number): void
  head(status: number, ms: number): void
}

/** One request of our own to an upstream, read whole within its limits. Never rejects. */
export function askUpstream(
  { transport, clock }: { readonly transport: UpstreamTransport; readonly clock: Clock },
  request: UpstreamRequest,
  limits: AskLimits,
  progress?: AnswerProgress
): Promise<WholeAnswer | NoAnswer> {
  return new Promise((resolve) => {
    const startedAt = clock.monotonic()
    const elapsed = (): number => clock.monotonic() - startedAt
    const chunks: Buffer[] = []
    let size = 0
    let connectedMs: number | null = null
    let head: { readonly status: number; readonly headers: Headers; readonly headMs: number } | null = null
    let exchange: UpstreamExchange | null = null
    const stopTotal = clock.after(limits.totalMs, () =>
      giveUp('total_timeout', `no whole answer within ${limits.totalMs} ms`)
    )
    const stopConnect = clock.after(limits.connectMs, () => {
      if (connectedMs === null) giveUp('connect_timeout', `no connection within ${limits.connectMs} ms`)
    })
    const settle = (result: WholeAnswer | NoAnswer): void => {
      stopTotal()
      stopConnect()
      resolve(result)
    }
    const fail = (error: UpstreamError): void => settle({ kind: 'failed', error, connectedMs, endMs: elapsed() })
    const giveUp = (code: 'total_timeout' | 'connect_timeout' | 'protocol', message: string): void => {
      exchange?.abort()
      fail(new UpstreamError(code, message))
    }
    const connected = (): void => {
      if (connectedMs !== null) return
      connectedMs = elapsed()
      progress?.connected(connectedMs)
    }
    exchange = transport.send(request, {
      connected,
      head(status, headers) {
        connected()
        head = { status, headers, headMs: elapsed() }
        progress?.head(status, head.headMs)
      },
      data(chunk) {
        size += chunk.length
        if (size > limits.maxBytes) giveUp('protocol', `the answer has more than ${limits.maxBytes} bytes`)
        else chunks.push(chunk)
      },
      end() {
        if (head === null) fail(new UpstreamError('protocol', 'the upstream ended without an answer'))
        else
          settle({
            kind: 'answer',
            ...head,
            body: Buffer.concat(chunks),
            connectedMs: connectedMs ?? 0,
            endMs: elapsed()
          })
      },
      fail
    })
  })
}
