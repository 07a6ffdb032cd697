import type { Clock, Logger } from '../../shared/ports'
import type { Budgets } from '../channels/budgets'
import type { Selector } from '../channels/selector'
import type { StateHolders } from '../channels/state-holders'
import type { CountTokens } from '../protocols/token-counter'
import type { Activity } from './activity'
import type { ConfigReader, RequestLogSink, UpstreamTransport } from './ports'
import type { ResponseStore } from './response-store'
import type { Ticker } from './ticker'

/** What the way of a request works with; put together in app.ts. */
export interface ProxyDependencies {
  readonly config: ConfigReader
  readonly selector: Pick<Selector, 'next' | 'couldServe' | 'passedOver' | 'exclusions'>
  readonly budgets: Pick<Budgets, 'spentChannels' | 'spentKey'>
  readonly stateHolders: StateHolders
  readonly responses: ResponseStore
  /** Away from the streams: in a thread of its own. */
  readonly countTokens: CountTokens
  readonly transport: UpstreamTransport
  readonly log: RequestLogSink
  readonly activity: Activity
  readonly ticker: Ticker
  readonly clock: Clock
  readonly logger: Logger
  /** B41: the pseudonym of this Routex in `via` headers, `routex-…`. */
  readonly instance: string
  /** *Pause* keeps listening and answers 503. */
  isPaused(): boolean
  /** When the pause ends, in ms since 1970; null: when somebody resumes it, or there is none. */
  pausedUntil(): number | null
}
