import type { BudgetStanding } from '../../../shared/budget'
import type { RoutexApi } from '../../../shared/contract'
import { Newest } from '../newest'

/** How much of each budget is used. A budget that is not known yet, or could not be loaded, shows no bar. */
export class BudgetsState {
  list: readonly BudgetStanding[] = $state.raw([])
  readonly #byOwner = $derived(new Map(this.list.map((one) => [`${one.owner.kind} ${one.owner.id}`, one])))

  readonly #api: RoutexApi
  readonly #newest = new Newest()

  constructor(api: RoutexApi) {
    this.#api = api
  }

  listen(): () => void {
    return this.#api.on('budgets.changed', ({ budgets }) => {
      this.#newest.told()
      this.list = budgets
    })
  }

  async load(): Promise<void> {
    const asked = this.#newest.ask()
    try {
      const { budgets } = await this.#api.call('budgets.list', {})
      if (this.#newest.takes(asked)) this.list = budgets
    } catch {
      // The connection is shown as lost, and this is asked again when it is back.
      if (this.#newest.takes(asked)) this.list = []
    }
  }

  of(kind: BudgetStanding['owner']['kind'], id: string): BudgetStanding | undefined {
    return this.#byOwner.get(`${kind} ${id}`)
  }
}
