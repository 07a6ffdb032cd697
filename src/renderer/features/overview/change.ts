import { percent } from '../../lib/format'
import type { Locale } from '../../lib/i18n.svelte'
import { m } from '../../lib/messages'

/** Share of the requests that failed, 0 to 1; null without a request. */
export function errorRate({ requests, errors }: { readonly requests: number; readonly errors: number }): number | null {
  return requests === 0 ? null : errors / requests
}

interface Change {
  /** As it stands beside the figure. */
  readonly text: string
  /** In words. */
  readonly title: string
}

/** Beyond this, what was before is too little to compare with. No fall goes so far. */
const most = 9.99

/** How much a figure changed against the period before; undefined where there is nothing to compare. */
export function relativeChange(locale: Locale, present: number | null, before: number | null): Change | undefined {
  if (present === null || before === null || before === 0) return undefined
  const share = (present - before) / before
  const size = Math.abs(share)
  if (size < 0.005) return { text: '±0%', title: m.common_change_none() }
  if (size > most) {
    const amount = `>${percent(locale, most)}`
    return { text: amount, title: m.common_change_up({ change: amount }) }
  }
  return told(percent(locale, Math.round(size * 100) / 100), share)
}

/** The same of a share: how many points of a percent it moved. */
export function pointsChange(locale: Locale, present: number | null, before: number | null): Change | undefined {
  if (present === null || before === null) return undefined
  const points = (present - before) * 100
  const size = Math.abs(points)
  if (size < 0.05) return { text: '±0', title: m.common_change_none() }
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: size < 10 ? 1 : 0 }).format(size)
  return told(m.overview_points({ points: number }), points, m.overview_points_in_words({ points: number }))
}

function told(amount: string, direction: number, words = amount): Change {
  return direction > 0
    ? { text: `+${amount}`, title: m.common_change_up({ change: words }) }
    : { text: `−${amount}`, title: m.common_change_down({ change: words }) }
}
