import type { Clock, Logger } from '../../shared/ports'
import type { HealthBoard } from '../channels/health-board'
import type { SessionAffinity } from '../channels/session-affinity'
import type { UpstreamTransport } from '../proxy/ports'
import type { ConfigStore, LogStore } from '../storage/ports'
import type { Gateway } from './gateway'

/** What the API works on. */
export interface ApiDependencies {
  readonly config: ConfigStore
  readonly logs: LogStore
  readonly health: HealthBoard
  readonly affinity: SessionAffinity
  readonly transport: UpstreamTransport
  readonly gateway: Gateway
  readonly clock: Clock
  readonly logger: Logger
}
