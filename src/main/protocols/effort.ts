import type { Effort, ReasoningWish } from './canonical'

/** What an effort means in tokens of reasoning, for vendors that count them; lowest first. */
const BUDGETS = [
  ['minimal', 1024],
  ['low', 4096],
  ['medium', 12_288],
  ['high', 24_576],
  ['xhigh', 32_768],
  ['max', 65_536]
] as const satisfies readonly (readonly [Effort, number])[]

const EFFORTS: readonly Effort[] = BUDGETS.map(([effort]) => effort)

/** Tokens that an effort may take. */
export const budgetOf = (effort: Effort): number => BUDGETS.find(([name]) => name === effort)?.[1] ?? BUDGETS[2][1]

/** The effort whose budget is nearest. */
export function effortOf(tokens: number): Effort {
  let nearest: Effort = 'minimal'
  let distance = Infinity
  for (const [effort, budget] of BUDGETS) {
    if (Math.abs(budget - tokens) >= distance) continue
    nearest = effort
    distance = Math.abs(budget - tokens)
  }
  return nearest
}

/** The nearest of those that the other side knows; of two as near the lower. */
export function nearestEffort(effort: Effort, known: readonly Effort[]): Effort {
  const wanted = EFFORTS.indexOf(effort)
  let best = known[0] ?? effort
  for (const one of known) {
    if (Math.abs(EFFORTS.indexOf(one) - wanted) < Math.abs(EFFORTS.indexOf(best) - wanted)) best = one
  }
  return best
}

/** What is left of a wish for one model: what the client left unsaid holds only for those known to reason by themselves. */
export const wishFor = (wish: ReasoningWish | null, reasons: boolean): ReasoningWish | null =>
  wish?.kind === 'off' && wish.unsaid === true && !reasons ? null : wish
