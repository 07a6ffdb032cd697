import type { Clock, Logger } from '../../shared/ports'
import type { HealthBoard } from '../channels/health-board'
import type { SessionAffinity } from '../channels/session-affinity'
import type { UpstreamTransport } from '../proxy/ports'
import type { ConfigStore, LogStore } from '../storage/ports'
import type { Gateway } from './gateway'

/** What the API works on. */
export interface ApiDependencies {
  readonly config: ConfigStore
  /** What it asks of the log; writing and closing it are not the API's. */
  readonly logs: Pick<LogStore, 'query' | 'get' | 'onCommitted' | 'overview' | 'timeseries' | 'stats'>
  readonly health: HealthBoard
  readonly affinity: SessionAffinity
  readonly transport: UpstreamTransport
  readonly gateway: Gateway
  readonly clock: Clock
  readonly logger: Logger
}
