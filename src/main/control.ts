import { randomBytes } from 'node:crypto'
import type { Clock, Logger, Stop } from '../shared/ports'
import type { Api } from './api/api'
import type { Gateway } from './api/gateway'
import { createApiRoute } from './http/api-route'
import { createControlHandler } from './http/control-handler'
import { createListener } from './http/listener'
import { removeControl, writeControl } from './storage/control-file'

/** How the command line of the same user reaches this Routex. */
export interface ControlPart {
  start(): Promise<void>
  stop(): Promise<void>
}

export interface ControlOptions {
  readonly dataDir: string
  /** What the API is opened with. */
  readonly token: string
  /** The API is on the gateway's own listener, which takes the token too (headless). */
  readonly onGateway: boolean
  readonly api: Api
  readonly gateway: Gateway
  readonly clock: Clock
  readonly logger: Logger
}

export const newControlToken = (): string => randomBytes(32).toString('base64url')

/** Says in the data folder where the API is; null takes it away. A folder that takes nothing costs the command line alone. */
function announcer({ dataDir, logger, token }: ControlOptions): (url: string | null) => void {
  return (url) => {
    try {
      if (url === null) removeControl(dataDir)
      else writeControl(dataDir, { pid: process.pid, url, token })
    } catch (error) {
      logger.warn('the command line can not reach this Routex', { error })
    }
  }
}

/** @throws nothing: without it the command line alone does not work, which is logged */
export const openControl = (options: ControlOptions): ControlPart =>
  options.onGateway ? controlByGateway(options) : controlByListener(options)

function controlByGateway(options: ControlOptions): ControlPart {
  const { gateway } = options
  const announce = announcer(options)
  let stopListening: Stop = () => undefined
  return {
    start: () => {
      stopListening = gateway.onChange(({ url }) => announce(url))
      return Promise.resolve()
    },
    stop: () => {
      stopListening()
      announce(null)
      return Promise.resolve()
    }
  }
}

/**
 * The desktop serves no API on the gateway's port, which others may reach and which may be off: it has a listener of its
 * own on loopback, on a free port.
 */
function controlByListener(options: ControlOptions): ControlPart {
  const { api, clock, logger, token } = options
  const announce = announcer(options)
  const route = createApiRoute({ api, managementTokens: [token], clock, logger })
  const listener = createListener({
    handle: createControlHandler(route, logger),
    onStopping: () => route.stop(),
    clock,
    logger
  })
  return {
    start: async () => {
      try {
        const { host, port } = await listener.start('127.0.0.1', 0)
        announce(`http://${host}:${port}`)
      } catch (error) {
        logger.warn('the command line can not reach this Routex', { error })
      }
    },
    stop: async () => {
      announce(null)
      await listener.stop(0)
    }
  }
}
