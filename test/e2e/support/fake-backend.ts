import type { CallName, CallParams, CallResult, EventName, EventPayload } from '../../../src/shared/contract'
import { readResult } from '../../../src/shared/read-contract'
import { ApiFailure, type Backend, type Connection } from '../../../src/renderer/lib/backend'
import { settings as settingsSchema, settingsPatch } from '../../../src/shared/settings'
import {
  sampleAffinity,
  sampleChannel,
  sampleHealth,
  sampleOverview,
  sampleProcess,
  sampleRequest,
  sampleStatus,
  sampleWriter
} from './sample-data'

type Answer = (params: never) => unknown

const samplePrices = {
  source: 'built-in',
  version: '0.1.8',
  fetchedAt: null,
  updates: false,
  url: 'https://prices.example.test/data.json',
  triedAt: null,
  error: null
} as const

/** Stands where the program would: answers from a table, and says what the test wants said. */
export class FakeBackend implements Backend {
  shell: Backend['shell'] = 'desktop'
  retries = 0
  /** Tokens that were given, in order. */
  readonly tokens: string[] = []
  /** Calls that were made, in order. */
  readonly made: { readonly name: CallName; readonly params: unknown }[] = []
  readonly #answers = new Map<CallName, Answer>()
  readonly #listeners = new Map<EventName, Set<(payload: never) => void>>()
  readonly #watchers = new Set<(connection: Connection) => void>()
  #connection: Connection = { kind: 'live' }

  constructor() {
    const channel = sampleChannel('Anthropic main')
    this.answer('gateway.status', () => sampleStatus())
    this.answer('channels.list', () => ({ channels: [channel] }))
    this.answer('stats.health', () => ({ channels: [sampleHealth(channel)] }))
    this.answer('logs.query', () => ({ rows: [sampleRequest('1')], nextCursor: null }))
    this.answer('stats.overview', () => sampleOverview)
    this.answer('gateway.inFlight', () => ({ requests: [], total: 0, byChannel: [] }))
    this.#answerSettings()
    this.#answerQuietly()
  }

  /** Keeps what is set, as the program does. */
  #answerSettings(): void {
    let present = settingsSchema.parse({ firstRunDone: true })
    this.answer('settings.get', () => ({ settings: present, managed: [] }))
    this.answer('settings.update', (params) => {
      const { retention, appearance, startUp, notifications, updates, clients, ...plain } = settingsPatch.parse(params)
      present = settingsSchema.parse({
        ...present,
        ...plain,
        retention: { ...present.retention, ...retention },
        appearance: { ...present.appearance, ...appearance },
        startUp: { ...present.startUp, ...startUp },
        notifications: { ...present.notifications, ...notifications },
        updates: { ...present.updates, ...updates },
        clients: { ...present.clients, ...clients }
      })
      return { settings: present, managed: [], restartNeeded: false }
    })
  }

  /** What a program answers that has little to tell. */
  #answerQuietly(): void {
    this.answer('stats.timeseries', () => ({ buckets: [] }))
    this.answer('channels.stopTest', () => ({ ok: true }))
    this.answer('budgets.list', () => ({ budgets: [] }))
    this.answer('channels.balance', () => ({ kind: 'not_offered' }))
    this.answer('prices.status', () => samplePrices)
    this.answer('prices.update', () => samplePrices)
    this.answer('stats.healthHistory', () => ({ changes: [] }))
    this.answer('stats.cache', () => ({ queries: [] }))
    this.answer('stats.sessions', () => sampleAffinity)
    this.answer('stats.writer', () => sampleWriter)
    this.answer('stats.process', () => sampleProcess)
    this.answer('sessions.list', () => ({ sessions: [], found: 0, total: 0 }))
    this.answer('logs.count', () => ({ rows: 1, more: false }))
    this.answer('clientKeys.list', () => ({ keys: [] }))
    this.answer('clients.list', () => ({ clients: [], afterCrash: null }))
    this.answer('backups.list', () => ({ backups: [] }))
    this.answer('imports.pending', () => ({ pending: null }))
    this.answer('updates.status', () => ({ kind: 'idle', checkedAt: null }))
    this.answer('storage.previewRetention', () => ({ rows: 0, kept: 1_284, oldestKept: 0 }))
  }

  answer<N extends CallName>(name: N, answer: (params: CallParams<N>) => unknown): void {
    this.#answers.set(name, answer)
  }

  fail(name: CallName, code: string, message: string): void {
    this.answer(name, () => {
      throw new ApiFailure(code, message)
    })
  }

  emit<N extends EventName>(name: N, payload: EventPayload<N>): void {
    for (const listener of this.#listeners.get(name) ?? []) listener(payload as never)
  }

  setConnection(connection: Connection): void {
    this.#connection = connection
    for (const watcher of this.#watchers) watcher(connection)
  }

  async call<N extends CallName>(name: N, params: CallParams<N>): Promise<CallResult<N>> {
    this.made.push({ name, params })
    const answer = this.#answers.get(name)
    if (!answer) throw new Error(`the test has no answer for ${name}`)
    return readResult(name, await answer(params as never))
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void {
    const present = this.#listeners.get(name) ?? new Set()
    this.#listeners.set(name, present.add(listener))
    return () => void present.delete(listener)
  }

  onConnection(watcher: (connection: Connection) => void): () => void {
    this.#watchers.add(watcher)
    watcher(this.#connection)
    return () => void this.#watchers.delete(watcher)
  }

  /** What an export gives; a test puts its own in its place. */
  saveExport: Backend['saveExport'] = () => Promise.resolve({ saved: false })

  retryNow(): void {
    this.retries++
  }

  useToken(token: string): void {
    this.tokens.push(token)
  }
}
