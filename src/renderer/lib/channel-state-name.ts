import type { ChannelStanding, ChannelState } from '../../shared/channel-standing'
import { dayAndMinute } from './format'
import { i18n } from './i18n.svelte'
import { m } from './messages'

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
    case 'over_budget':
      return m.common_state_over_budget()
    case 'switched':
      return m.common_state_switched()
  }
}

/** What its used-up budget means for its requests, and until when. `nameOf`: null for a channel that is gone. */
export function budgetText(
  { until, to }: NonNullable<ChannelStanding['budget']>,
  nameOf: (id: NonNullable<typeof to>) => string | null
): string {
  const when = dayAndMinute(i18n.locale, until)
  return to === null ? m.common_no_requests_until({ when }) : m.common_switched_until({ name: nameOf(to) ?? to, when })
}
