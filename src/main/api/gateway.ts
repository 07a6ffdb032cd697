import type { GatewayStatus, InFlightList } from '../../shared/gateway-status'
import type { Stop } from '../../shared/ports'

/** Where a listener can be reached. */
export interface Address {
  readonly host: string
  readonly port: number
}

/** Counters since the start. */
export interface Traffic {
  readonly inFlight: number
  readonly finished: number
  /** Of the finished ones, those that were answered with a status ≥ 400 or broke. */
  readonly errors: number
}

/** What the API may do with the running gateway; the composition root implements it. */
export interface Gateway {
  status(): GatewayStatus
  /**
   * Turns it on, pauses it or turns it off, and resolves with what it is then. `pauseMinutes`: how long a pause lasts;
   * any other change ends it sooner, and a pause without it lasts until then.
   * Rejects with an error that has `code` and `status` when the port can't be had.
   */
  setState(state: GatewayStatus['state'], pauseMinutes?: number): Promise<GatewayStatus>
  /** false: *off* would leave nothing that could turn it on again (headless). */
  readonly canTurnOff: boolean
  /** Called after every change of the status, whoever made it. */
  onChange(listener: (status: GatewayStatus) => void): Stop
  /** Where this very program listens, or would listen while it is off (B41). */
  addresses(): readonly Address[]
  traffic(): Traffic
  /** The requests under way. */
  inFlight(): InFlightList
}
