import { countHealthy, type ChannelStanding } from '../../shared/channel-standing'
import type { GatewayStatus } from '../../shared/gateway-status'

/** What the tray's icon says. `trouble`: on, but the user is needed. */
export type TrayState = GatewayStatus['state'] | 'trouble'

/**
 * Cooling, a breaker that is trying again and a budget that is used up end by themselves, so they are no trouble while
 * another channel is healthy; a refused credential, a refused config file, or no healthy channel that requests may go to are.
 */
export function trayState(status: GatewayStatus, standings: readonly ChannelStanding[]): TrayState {
  if (status.state !== 'on') return status.state
  const refused = standings.some(({ state }) => state === 'auth_failed')
  const noneHealthy = standings.length > 0 && countHealthy(standings).healthy === 0
  return status.configError !== null || refused || noneHealthy ? 'trouble' : 'on'
}
