import type { Channel } from '../../shared/channel'
import { isPrivateHost } from './addresses'
import type { Deadlines } from './ports'

const MINUTE = 60_000
/** B06. */
const CONNECT_MS = 10_000
const STREAMED_FIRST_BYTE_MS = 2 * MINUTE
const WHOLE_FIRST_BYTE_MS = 10 * MINUTE
const IDLE_MS = 5 * MINUTE
const TOTAL_MS = 10 * MINUTE

/** Made once for each frozen channel: [streamed, whole]. */
const known = new WeakMap<Channel, readonly [Deadlines, Deadlines]>()

/** B06's clocks for one channel; what the channel sets wins. A local server may have to load its model first. */
export function deadlinesOf(channel: Channel, stream: boolean): Deadlines {
  let both = known.get(channel)
  if (both === undefined) {
    both = [workOut(channel, true), workOut(channel, false)]
    known.set(channel, both)
  }
  return stream ? both[0] : both[1]
}

function workOut(channel: Channel, stream: boolean): Deadlines {
  const { connectMs, firstByteMs, idleMs } = channel.timeouts
  const patient = !stream || isPrivateHost(hostname(channel.baseUrl))
  return {
    connectMs: connectMs ?? CONNECT_MS,
    firstByteMs: firstByteMs ?? (patient ? WHOLE_FIRST_BYTE_MS : STREAMED_FIRST_BYTE_MS),
    idleMs: idleMs ?? IDLE_MS,
    // A channel that was given longer for its first byte is not cut off by the limit over all attempts.
    totalMs: Math.max(TOTAL_MS, firstByteMs ?? 0)
  }
}

const hostname = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '')
