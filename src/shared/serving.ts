import type { ChannelId } from './ids'

/** Those of the channels that requests may go to, health apart: enabled, and with one that is used alone only that one. */
export const servingChannels = <T extends { readonly id: ChannelId; readonly enabled: boolean }>(
  channels: readonly T[],
  onlyChannel: ChannelId | null
): readonly T[] => channels.filter(({ id, enabled }) => enabled && (onlyChannel === null || id === onlyChannel))
