import { m } from './messages'
import type { ChannelState } from './channel-state'

/** What a channel's state is called, the same word on every page. */
export function channelStateName(state: ChannelState): string {
  switch (state) {
    case 'closed':
      return m.common_state_closed()
    case 'open':
      return m.common_state_open()
    case 'half-open':
      return m.common_state_half_open()
    case 'cooling':
      return m.common_state_cooling()
    case 'auth_failed':
      return m.common_state_auth_failed()
    case 'disabled':
      return m.common_state_disabled()
  }
}
