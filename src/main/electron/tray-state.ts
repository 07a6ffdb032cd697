import type { GatewayStatus } from '../../shared/gateway-status'
import type { ChannelHealthView } from '../../shared/health'

/** What the tray's icon says. `trouble`: on, but the user is needed. */
export type TrayState = GatewayStatus['state'] | 'trouble'

/**
 * Cooling and a breaker that is trying again end by themselves, so they are no trouble while another channel is healthy;
 * a refused credential, a refused config file, or no healthy channel at all are.
 */
export function trayState(status: GatewayStatus, channels: readonly ChannelHealthView[]): TrayState {
  if (status.state !== 'on') return status.state
  const enabled = channels.filter((channel) => channel.enabled)
  const refused = enabled.some(({ state }) => state === 'auth_failed')
  const noneHealthy = enabled.length > 0 && enabled.every(({ state }) => state !== 'closed')
  return status.configError !== null || refused || noneHealthy ? 'trouble' : 'on'
}
