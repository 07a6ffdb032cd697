import type { EventName, EventPayload } from '../../shared/contract'
import type { ClientKeyId } from '../../shared/ids'
import type { Stop } from '../../shared/ports'
import type { RequestRow } from '../../shared/request-log'
import type { ApiDependencies } from './dependencies'
import type { Traffic } from './gateway'
import { settingsInForce } from './settings-calls'
import type { TestSteps } from './test-steps'

/** At most 4 `request.finished` a second. */
const FINISHED_EVERY_MS = 250
/** Of one batch those that arrived first are told: who wants the others asks `logs.query` for a short time up to now. */
const MAX_ROWS = 200
const TICK_MS = 1000
/** At most 4 `inFlight.changed` a second. */
const IN_FLIGHT_EVERY_MS = 250

type Emit<N extends EventName> = (payload: EventPayload<N>) => void
type Sources = { readonly [N in EventName]: (emit: Emit<N>) => Stop }

/** Rows as they are committed, gathered so that a busy gateway does not drown its listeners. The first goes out at once. */
function finishedRequests({ logs, clock }: ApiDependencies, emit: Emit<'request.finished'>): Stop {
  let gathered: RequestRow[] = []
  let missingFrom = Infinity
  let stopTimer: Stop | null = null
  const send = (): void => {
    stopTimer = null
    if (gathered.length === 0) return
    const told = { rows: gathered, ...(missingFrom < Infinity && { missingFrom }) }
    gathered = []
    missingFrom = Infinity
    stopTimer = clock.after(FINISHED_EVERY_MS, send)
    emit(told)
  }
  const stopListening = logs.onCommitted((rows) => {
    gathered = [...gathered, ...rows]
    if (gathered.length > MAX_ROWS) {
      gathered.sort((one, other) => one.at - other.at)
      missingFrom = Math.min(missingFrom, gathered[MAX_ROWS]?.at ?? Infinity)
      gathered.length = MAX_ROWS
    }
    if (stopTimer === null) send()
  })
  return () => {
    stopListening()
    stopTimer?.()
  }
}

/** Rates of the last second, told while something flows and once more when it has ended. */
function ticks({ gateway, clock }: ApiDependencies, emit: Emit<'stats.tick'>): Stop {
  let before: Traffic = gateway.traffic()
  let wasFlowing = false
  return clock.every(TICK_MS, () => {
    const now = gateway.traffic()
    const requestsPerSecond = now.finished - before.finished
    const errorsPerSecond = now.errors - before.errors
    before = now
    const flows = now.inFlight > 0 || requestsPerSecond > 0
    if (flows || wasFlowing) emit({ inFlight: now.inFlight, requestsPerSecond, errorsPerSecond })
    wasFlowing = flows
  })
}

/** The requests under way, looked at four times a second and told when they are others, or further on, than before. */
function inFlightChanges({ gateway, clock }: ApiDependencies, emit: Emit<'inFlight.changed'>): Stop {
  let told = ''
  let wasIdle = gateway.traffic().inFlight === 0
  return clock.every(IN_FLIGHT_EVERY_MS, () => {
    const isIdle = gateway.traffic().inFlight === 0
    if (isIdle && wasIdle) return
    wasIdle = isIdle
    const list = gateway.inFlight()
    const now = JSON.stringify(list)
    if (now === told) return
    told = now
    emit(list)
  })
}

/**
 * A client whose files are other than before, or whose key is: one that was revoked leaves its client without. A new key is
 * told of with the files that it is written to.
 */
function clientChanges({ clients, config, logger }: ApiDependencies, emit: Emit<'clients.changed'>): Stop {
  const { connections } = clients
  let keys = new Map(config.clientKeys().map(({ id, sha256 }) => [id, sha256]))
  const tellOf = async (changed: ReadonlySet<ClientKeyId>): Promise<void> => {
    for (const { client, keyId } of await connections.connected())
      if (keyId !== null && changed.has(keyId)) emit({ client })
  }
  const stops = [
    connections.onChange((client) => emit({ client })),
    config.onChange(({ kind }) => {
      if (kind !== 'client_key') return
      const now = new Map(config.clientKeys().map(({ id, sha256 }) => [id, sha256]))
      const changed = new Set([...keys].filter(([id, sha256]) => now.get(id) !== sha256).map(([id]) => id))
      keys = now
      if (changed.size === 0) return
      tellOf(changed).catch((error: unknown) => logger.error('the clients of a key can not be told of it', { error }))
    })
  ]
  return () => stops.forEach((stop) => stop())
}

/** Where each event comes from. A source runs only while somebody listens. */
const sourcesOf = (dependencies: ApiDependencies, testSteps: TestSteps): Sources => ({
  'request.finished': (emit) => finishedRequests(dependencies, emit),
  'inFlight.changed': (emit) => inFlightChanges(dependencies, emit),
  'channel.changed': (emit) =>
    dependencies.config.onChange((change) => {
      if (change.kind === 'channel') emit({ id: change.id })
    }),
  'health.changed': (emit) => dependencies.health.onChange(emit),
  'budgets.changed': (emit) => dependencies.budgets.onChange((budgets) => emit({ budgets: [...budgets] })),
  'settings.changed': (emit) =>
    dependencies.config.onChange((change) => {
      if (change.kind === 'settings') emit(settingsInForce(dependencies.config))
    }),
  'test.step': (emit) => testSteps.onStep(emit),
  'stats.tick': (emit) => ticks(dependencies, emit),
  'gateway.changed': (emit) => dependencies.gateway.onChange(emit),
  'clients.changed': (emit) => clientChanges(dependencies, emit),
  'imports.changed': (emit) => dependencies.imports.onChange((pending) => emit({ pending })),
  'updates.changed': (emit) => dependencies.updates.onChange(emit)
})

/** Listeners of one event, and the source that runs while there are any. */
class Topic<N extends EventName> {
  readonly #source: (emit: Emit<N>) => Stop
  readonly #listeners = new Set<{ readonly call: Emit<N> }>()
  #stopSource: Stop | null = null

  constructor(source: (emit: Emit<N>) => Stop) {
    this.#source = source
  }

  add(call: Emit<N>): Stop {
    const listener = { call }
    this.#listeners.add(listener)
    this.#stopSource ??= this.#source((payload) => {
      for (const { call: tell } of this.#listeners) tell(payload)
    })
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.stop()
    }
  }

  stop(): void {
    this.#stopSource?.()
    this.#stopSource = null
  }
}

/** The contract's events. */
export class Events {
  readonly #topics: { readonly [N in EventName]: Topic<N> }

  constructor(dependencies: ApiDependencies, testSteps: TestSteps) {
    const sources = sourcesOf(dependencies, testSteps)
    this.#topics = {
      'request.finished': new Topic(sources['request.finished']),
      'inFlight.changed': new Topic(sources['inFlight.changed']),
      'channel.changed': new Topic(sources['channel.changed']),
      'health.changed': new Topic(sources['health.changed']),
      'budgets.changed': new Topic(sources['budgets.changed']),
      'settings.changed': new Topic(sources['settings.changed']),
      'test.step': new Topic(sources['test.step']),
      'stats.tick': new Topic(sources['stats.tick']),
      'gateway.changed': new Topic(sources['gateway.changed']),
      'clients.changed': new Topic(sources['clients.changed']),
      'imports.changed': new Topic(sources['imports.changed']),
      'updates.changed': new Topic(sources['updates.changed'])
    }
  }

  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): Stop {
    return this.#topics[name].add(listener)
  }

  /** Ends every source. */
  stop(): void {
    for (const topic of Object.values(this.#topics)) topic.stop()
  }
}
