import type { BudgetStanding } from '../../../shared/budget'
import type { RoutexApi } from '../../../shared/contract'

/** How much of each budget is used. A budget that is not known yet, or could not be loaded, shows no bar. */
export class BudgetsState {
  list: readonly BudgetStanding[] = $state.raw([])
  readonly #byOwner = $derived(new Map(this.list.map((one) => [`${one.owner.kind} ${one.owner.id}`, one])))

  readonly #api: RoutexApi
  /** Tells the answers that are older than what was told since. */
  #asked = 0

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    return this.#api.on('budgets.changed', ({ budgets }) => {
      this.#asked++
      this.list = budgets
    })
  }

  async load(): Promise<void> {
    const asked = ++this.#asked
    try {
      const { budgets } = await this.#api.call('budgets.list', {})
      if (asked === this.#asked) this.list = budgets
    } catch {
      // The connection is shown as lost, and this is asked again when it is back.
      if (asked === this.#asked) this.list = []
    }
  }

  of(kind: BudgetStanding['owner']['kind'], id: string): BudgetStanding | undefined {
    return this.#byOwner.get(`${kind} ${id}`)
  }
}
