import { streamCalls, type CallName, type EventName, type EventPayload } from '../../shared/contract'
import type { Stop } from '../../shared/ports'
import { nearMiss } from '../../shared/near-miss'
import { ApiError } from './api-error'
import { budgetCalls } from './budget-calls'
import { channelCalls } from './channel-calls'
import { channelTestCalls } from './channel-test-calls'
import { clientCalls } from './client-calls'
import { clientKeyCalls } from './client-key-calls'
import { configCalls } from './config-calls'
import type { ApiDependencies } from './dependencies'
import { Events } from './events'
import { exportLogs } from './export-logs'
import { gatewayCalls } from './gateway-calls'
import { importCalls } from './import-calls'
import { readArguments, type Handler } from './implement'
import { logCalls } from './log-calls'
import { priceCalls } from './price-calls'
import { sessionCalls } from './session-calls'
import { settingsCalls } from './settings-calls'
import { statsCalls } from './stats-calls'
import { storageCalls } from './storage-calls'
import { TestSteps } from './test-steps'
import { updateCalls } from './update-calls'

/** A streamed answer: text in pieces, read as fast as the reader takes them. */
export interface TextStream {
  readonly contentType: string
  /** What a download is called. */
  readonly fileName: string
  readonly chunks: AsyncIterable<string>
}

/** The contract, implemented once and exposed over IPC and HTTP. Errors are ApiErrors. */
export interface Api {
  /** Validates the arguments and runs the call. Rejects with ApiError; `not_found` for a name that there is not. */
  call(name: string, params: unknown): Promise<unknown>
  /** A call whose answer is a stream. Throws ApiError like `call`. */
  stream(name: string, params: unknown): TextStream
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): Stop
  /** Ends every timer and subscription. */
  stop(): void
}

function unknownCall(name: string, known: readonly string[]): ApiError {
  const meant = nearMiss(name, known)
  return new ApiError(
    'not_found',
    `There is no call ${JSON.stringify(name)}${meant === undefined ? '' : `; did you mean "${meant}"?`}`
  )
}

/** Joins every call and event of `src/shared/contract.ts` with what does it. */
export function createApi(dependencies: ApiDependencies): Api {
  const testSteps = new TestSteps()
  const handlers: Readonly<Record<CallName, Handler>> = {
    ...gatewayCalls(dependencies),
    ...channelCalls(dependencies),
    ...channelTestCalls(dependencies, testSteps),
    ...sessionCalls(dependencies),
    ...budgetCalls(dependencies),
    ...priceCalls(dependencies),
    ...settingsCalls(dependencies),
    ...clientKeyCalls(dependencies),
    ...clientCalls(dependencies),
    ...statsCalls(dependencies),
    ...logCalls(dependencies),
    ...storageCalls(dependencies),
    ...configCalls(dependencies),
    ...importCalls(dependencies),
    ...updateCalls(dependencies)
  }
  const events = new Events(dependencies, testSteps)
  const isCall = (name: string): name is CallName => Object.hasOwn(handlers, name)

  return {
    async call(name, params) {
      if (!isCall(name)) throw unknownCall(name, Object.keys(handlers))
      return handlers[name](params)
    },
    stream(name, params) {
      if (name !== 'logs.export') throw unknownCall(name, Object.keys(streamCalls))
      return exportLogs(dependencies.logs, readArguments(streamCalls[name].params, params))
    },
    on: (name, listener) => events.on(name, listener),
    stop: () => events.stop()
  }
}
