import { onTestFinished } from 'vitest'
import type { Api } from '../../src/main/api/api'
import { ApiError } from '../../src/main/api/api-error'
import { createApiRoute } from '../../src/main/http/api-route'
import { createListener } from '../../src/main/http/listener'
import { createRequestHandler, type HealthReport, type Routes } from '../../src/main/http/routes'
import { createStaticFiles } from '../../src/main/http/static-files'
import { systemClock } from '../../src/main/telemetry/system-clock'
import type { EventName, EventPayload } from '../../src/shared/contract'
import type { Clock, LogContext, Logger } from '../../src/shared/ports'
import { settings, type Settings } from '../../src/shared/settings'
import { RawExchange, type RawAnswer, type RawRequest } from './raw-client'

export const TOKEN = 'management-token-of-the-test'

/** An API that records its calls and emits what a test says. */
class StubApi implements Api {
  readonly calls: { readonly name: string; readonly params: unknown }[] = []
  readonly listeners = new Map<EventName, Set<(payload: unknown) => void>>()
  answer: (name: string, params: unknown) => Promise<unknown> = async () => ({ ok: true })
  chunks: () => AsyncIterable<string> = async function* () {
    yield ''
  }

  async call(name: string, params: unknown): Promise<unknown> {
    this.calls.push({ name, params })
    return this.answer(name, params)
  }

  stream(name: string, params: unknown) {
    this.calls.push({ name, params })
    if ((params as { format?: string }).format === undefined) throw new ApiError('bad_arguments', 'format is required')
    return { contentType: 'application/jsonl', fileName: 'requests.jsonl', chunks: this.chunks() }
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const set = this.listeners.get(name) ?? new Set()
    this.listeners.set(name, set)
    set.add(listener as (payload: unknown) => void)
    return () => {
      set.delete(listener as (payload: unknown) => void)
      if (set.size === 0) this.listeners.delete(name)
    }
  }

  emit(name: EventName, payload: unknown): void {
    for (const listener of this.listeners.get(name) ?? []) listener(payload)
  }

  stop(): void {}
}

export interface StubListenerOptions {
  readonly settings?: Partial<Settings>
  readonly routes?: Partial<Routes>
  readonly uiRoot?: string
  /** false: as in the desktop. */
  readonly apiOverHttp?: boolean
  readonly clock?: Clock
  readonly host?: string
}

/** The real listener and routes on a free port; what lies behind them is recorded, not run. */
export async function startStubListener(options: StubListenerOptions = {}) {
  const proxied: string[] = []
  const refused: { readonly status: number; readonly message: string }[] = []
  const logged: { readonly message: string; readonly context: LogContext | undefined }[] = []
  const health: HealthReport = { live: true, ready: true, version: '1.2.3', configError: null }
  const log = (message: string, context?: LogContext) => void logged.push({ message, context })
  const logger: Logger = { debug: log, info: log, warn: log, error: log }
  const clock = options.clock ?? systemClock
  const api = new StubApi()
  const apiRoute =
    options.apiOverHttp === false ? null : createApiRoute({ api, managementTokens: [TOKEN], clock, logger })
  const text = (status: number, body: string) => (_request: unknown, reply: { send: Sender }) =>
    reply.send(status, ['content-type', 'text/plain'], Buffer.from(body))
  const routes: Routes = {
    settings: () => settings.parse(options.settings ?? {}),
    handleProxy: async (request, reply) => {
      proxied.push(`${request.method} ${request.path}`)
      text(200, 'from the proxy')(request, reply)
    },
    handleModels: async (request, reply) => text(200, `models for ${request.path}`)(request, reply),
    refuse: (request, reply, refusal) => {
      refused.push(refusal)
      text(refusal.status, `refused: ${refusal.message}`)(request, reply)
    },
    health: () => health,
    api: apiRoute,
    ui: options.uiRoot === undefined ? null : createStaticFiles(options.uiRoot),
    logger,
    ...options.routes
  }
  const listener = createListener({
    handle: createRequestHandler(routes),
    onStopping: () => apiRoute?.stop(),
    clock,
    logger
  })
  const { port } = await listener.start(options.host ?? '127.0.0.1', 0)
  onTestFinished(() => listener.stop(0))
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    port,
    listener,
    api,
    proxied,
    refused,
    logged,
    send: (request: RawRequest): Promise<RawAnswer> => new RawExchange(url, request).done,
    open: (request: RawRequest) => new RawExchange(url, request)
  }
}

type Sender = (status: number, headers: readonly string[], body: Buffer) => void
