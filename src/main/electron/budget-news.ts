import type { BudgetStanding } from '../../shared/budget'

const SEVERITY: Readonly<Record<BudgetStanding['state'], number>> = { ok: 0, warned: 1, used_up: 2 }

/** The same budget in another period, or with another limit, is told of anew. */
const nameOf = ({ owner, period, limitUsd, until }: BudgetStanding): string =>
  JSON.stringify([owner.kind, owner.id, period, limitUsd, until])

/** Which budgets there is something to tell of: each at 80 % and when it is used up, once in a period. */
export class BudgetNews {
  #told = new Map<string, BudgetStanding['state']>()

  /** Takes how the budgets stand at the start: the user was told of that. */
  begin(standings: readonly BudgetStanding[]): void {
    this.#told = new Map(standings.map((standing) => [nameOf(standing), standing.state]))
  }

  /** Takes how the budgets stand now, and answers those to tell of. */
  update(standings: readonly BudgetStanding[]): readonly BudgetStanding[] {
    const news = standings.filter(
      (standing) => SEVERITY[standing.state] > SEVERITY[this.#told.get(nameOf(standing)) ?? 'ok']
    )
    this.begin(standings)
    return news
  }
}
