import type { Clock, Logger } from '../../shared/ports'
import type { ProcessStats } from '../../shared/stats'
import type { Clients } from '../clients/clients'
import type { Budgets } from '../channels/budgets'
import type { HealthBoard } from '../channels/health-board'
import type { HealthHistory } from '../channels/health-history'
import type { SessionAffinity } from '../channels/session-affinity'
import type { UpstreamTransport } from '../proxy/ports'
import type { ConfigStore, LogStore } from '../storage/ports'
import type { Gateway } from './gateway'
import type { PendingImports } from './imports'
import type { ModelCatalog } from './model-catalog'
import type { PriceUpdates } from './price-updates'
import type { Updates } from './updates'

/** What the API works on. */
export interface ApiDependencies {
  readonly config: ConfigStore
  /** What it asks of the log; writing and closing it are not the API's. */
  readonly logs: Omit<
    LogStore,
    | 'append'
    | 'appendNow'
    | 'setRetention'
    | 'flush'
    | 'close'
    | 'storedStates'
    | 'spending'
    | 'onSpent'
    | 'priceTable'
    | 'installPrices'
  >
  readonly budgets: Pick<Budgets, 'standings' | 'onChange'>
  readonly health: HealthBoard
  readonly healthHistory: Pick<HealthHistory, 'of'>
  readonly affinity: SessionAffinity
  readonly transport: UpstreamTransport
  readonly gateway: Gateway
  readonly catalog: ModelCatalog
  readonly imports: PendingImports
  readonly clients: Clients
  /** Whether a call may name a file of this machine: only where it is the user who calls, from the desktop's own page. */
  readonly readsFiles: boolean
  readonly updates: Updates
  readonly prices: Pick<PriceUpdates, 'status' | 'update'>
  /** B41: the pseudonym of this Routex in `via` headers. */
  readonly instance: string
  /** Of the program itself, since the last question. */
  readonly processStats: () => ProcessStats
  readonly clock: Clock
  readonly logger: Logger
}
