import type { ChannelView } from '../../../shared/channel'
import type { ChannelId } from '../../../shared/ids'
import type { Tier } from './tiers'

/** A line of the table: the head of a tier, or one of its channels. `tier` is the tier's place. */
export type ListRow =
  | { readonly kind: 'tier'; readonly key: string; readonly tier: number; readonly of: Tier }
  | { readonly kind: 'channel'; readonly key: string; readonly tier: number; readonly channel: ChannelView }

/** Every line in the order shown: each tier's head, then its channels. */
export const rowsOf = (tiers: readonly Tier[]): readonly ListRow[] =>
  tiers.flatMap((of, tier): ListRow[] => [
    { kind: 'tier', key: `tier ${of.priority}`, tier, of },
    ...of.channels.map((channel): ListRow => ({ kind: 'channel', key: channel.id, tier, channel }))
  ])

/** Some cards of a tier side by side, or a tier's head. */
export type CardLine =
  | { readonly kind: 'tier'; readonly key: string; readonly tier: number; readonly of: Tier }
  | { readonly kind: 'cards'; readonly key: string; readonly channels: readonly ChannelView[] }

/** The same as cards, so many in a line. */
export function cardLinesOf(tiers: readonly Tier[], columns: number): readonly CardLine[] {
  return tiers.flatMap((of, tier): CardLine[] => {
    const lines: CardLine[] = [{ kind: 'tier', key: `tier ${of.priority}`, tier, of }]
    for (let at = 0; at < of.channels.length; at += columns) {
      const channels = of.channels.slice(at, at + columns)
      lines.push({ kind: 'cards', key: channels.map(({ id }) => id).join(' '), channels })
    }
    return lines
  })
}

/** Which line a channel stands in; -1 for one that is not shown. */
export const placeOf = (rows: readonly ListRow[], id: ChannelId | null): number =>
  id === null ? -1 : rows.findIndex((row) => row.kind === 'channel' && row.channel.id === id)
