import type { GatewayStatus } from '../../shared/gateway-status'
import type { ChannelHealthView } from '../../shared/health'
import type { ChannelId } from '../../shared/ids'
import { servingChannels } from '../../shared/serving'

/** What the tray's icon says. `trouble`: on, but the user is needed. */
export type TrayState = GatewayStatus['state'] | 'trouble'

/**
 * Cooling and a breaker that is trying again end by themselves, so they are no trouble while another channel is healthy;
 * a refused credential, a refused config file, or no healthy channel that requests may go to are.
 */
export function trayState(
  status: GatewayStatus,
  channels: readonly ChannelHealthView[],
  onlyChannel: ChannelId | null
): TrayState {
  if (status.state !== 'on') return status.state
  const refused = channels.some(({ enabled, state }) => enabled && state === 'auth_failed')
  const serving = servingChannels(channels, onlyChannel)
  const noneHealthy = channels.length > 0 && serving.every(({ state }) => state !== 'closed')
  return status.configError !== null || refused || noneHealthy ? 'trouble' : 'on'
}
