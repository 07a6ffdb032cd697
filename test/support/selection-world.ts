import { onTestFinished } from 'vitest'
import type { Channel } from '../../src/shared/channel'
import type { ChannelId } from '../../src/shared/ids'
import { NOTHING_SPENT } from '../../src/main/channels/budgets'
import { HealthBoard } from '../../src/main/channels/health-board'
import type { Lease } from '../../src/main/channels/lease'
import type { Selection, SelectionRequest } from '../../src/main/channels/selection'
import { Selector } from '../../src/main/channels/selector'
import { SessionAffinity } from '../../src/main/channels/session-affinity'
import type { Verdict } from '../../src/main/protocols/protocol'
import { FakeClock } from './fake-clock'
import { idOf } from './make-channel'

const untried: ReadonlySet<ChannelId> = new Set()
export const tried = (...ids: string[]): ReadonlySet<ChannelId> => new Set(ids.map(idOf))

export const failure: Verdict = { kind: 'failure', message: 'broken' }
export const refused: Verdict = { kind: 'auth', message: 'invalid key' }
export const missing: Verdict = { kind: 'model_missing', message: 'no such model' }
export const busy = (untilMs: number | null = null, ramp: 'limit' | 'overload' = 'limit'): Verdict => ({
  kind: 'busy',
  ramp,
  message: 'slow down',
  untilMs,
  thisRequestOnly: false
})

/** All of selection around one set of channels, with a clock that stands still. */
export class SelectionWorld {
  readonly clock = new FakeClock()
  readonly board = new HealthBoard(this.clock)
  readonly affinity = new SessionAffinity(this.clock)
  readonly selector = new Selector({
    clock: this.clock,
    board: this.board,
    affinity: this.affinity,
    pointsHere: (channel) => channel.baseUrl === 'http://here'
  })
  channels: readonly Channel[]

  constructor(...channels: Channel[]) {
    this.channels = channels
    onTestFinished(() => this.affinity.destroy())
  }

  request(given: Partial<SelectionRequest> = {}): SelectionRequest {
    return {
      channels: this.channels,
      strategy: 'priority',
      protocol: 'anthropic',
      translates: false,
      operation: 'generate',
      model: 'claude',
      clientKeyId: null,
      allowedChannels: null,
      onlyChannel: null,
      spent: NOTHING_SPENT,
      switchedBy: null,
      stateHolder: null,
      session: null,
      ...given
    }
  }

  next(given: Partial<SelectionRequest> = {}, alreadyTried: ReadonlySet<ChannelId> = untried): Selection {
    return this.selector.next(this.request(given), alreadyTried)
  }

  /** The lease of the next try; throws when there is none. */
  lease(given: Partial<SelectionRequest> = {}, alreadyTried: ReadonlySet<ChannelId> = untried): Lease {
    const selection = this.next(given, alreadyTried)
    if (selection.kind !== 'lease') throw new Error(`expected a lease, got ${JSON.stringify(selection)}`)
    return selection.lease
  }

  /** The channel that serves the next request, which ends well. */
  serve(given: Partial<SelectionRequest> = {}, alreadyTried: ReadonlySet<ChannelId> = untried): string {
    const lease = this.lease(given, alreadyTried)
    lease.succeed()
    return lease.channel.id
  }

  /** Hands a channel this verdict, `times` in a row, whatever the strategy would choose. */
  harm(id: string, verdict: Verdict, times = 1): void {
    const allowedChannels = [idOf(id)]
    for (let count = 0; count < times; count++) this.lease({ allowedChannels }).fail(verdict)
  }

  state(id: string): string {
    return this.board.views(this.channels).find((view) => view.id === idOf(id))?.state ?? 'unknown'
  }
}
