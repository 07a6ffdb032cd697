import { randomBytes } from 'node:crypto'
import type { Clock, Logger, Stop } from '../shared/ports'
import type { Api } from './api/api'
import type { Gateway } from './api/gateway'
import { createApiRoute } from './http/api-route'
import { createControlHandler } from './http/control-handler'
import { createListener } from './http/listener'
import { Announcement } from './storage/announcement'
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

/** What is logged when the file that leads the command line here can't be had. */
const NOT_REACHED = 'the command line can not reach this Routex'

/** Says in the data folder where the API is; null takes it away. A folder that takes nothing costs the command line alone. */
const announcementOf = ({ dataDir, clock, logger, token }: ControlOptions): Announcement =>
  new Announcement({
    write: (url) => {
      if (url === null) removeControl(dataDir)
      else writeControl(dataDir, { pid: process.pid, url, token })
    },
    whenFailed: NOT_REACHED,
    clock,
    logger
  })

/** Says that the API is gone, as far as the folder takes it. */
function withdraw(announcement: Announcement): void {
  announcement.tell(null)
  announcement.stop()
}

/** @throws nothing: without it the command line alone does not work, which is logged */
export const openControl = (options: ControlOptions): ControlPart =>
  options.onGateway ? controlByGateway(options) : controlByListener(options)

function controlByGateway(options: ControlOptions): ControlPart {
  const { gateway } = options
  const announcement = announcementOf(options)
  let stopListening: Stop = () => undefined
  return {
    start: () => {
      stopListening = gateway.onChange(({ url }) => announcement.tell(url))
      return Promise.resolve()
    },
    stop: () => {
      stopListening()
      withdraw(announcement)
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
  const announcement = announcementOf(options)
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
        announcement.tell(`http://${host}:${port}`)
      } catch (error) {
        logger.warn(NOT_REACHED, { error })
      }
    },
    stop: async () => {
      withdraw(announcement)
      await listener.stop(0)
    }
  }
}
