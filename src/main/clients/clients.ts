import type { Connections } from './connections'
import type { Starter } from './starter'
import type { Offer } from './wish'

/** Whether Routex ended without stopping last time, as it is told until the user has said what to do. */
export interface Crash {
  /** null: it ended in order, nothing was connected, or the user has said. */
  told(): Promise<{ readonly since: number } | null>
  settle(): void
}

/** All that is done with clients, as the API offers it. */
export interface Clients {
  readonly connections: Connections
  readonly starter: Starter
  readonly offer: Offer
  readonly crash: Crash
  /** Resolves when the files of connected clients have what was changed so far, as far as they can be changed. */
  settled(): Promise<void>
}
