import { WARN_SHARE, type Budget, type BudgetStanding } from '../../shared/budget'
import type { Channel } from '../../shared/channel'
import type { ClientKey } from '../../shared/client-key'
import type { ChannelId } from '../../shared/ids'
import type { Clock, Stop } from '../../shared/ports'
import { localTime } from './budget-period'
import type { OwnerKind, SpendingLedger } from './spending-ledger'

/** A budget of which nothing is left. */
export interface SpentBudget {
  readonly budget: Budget
  /** When it begins anew, ms since 1970. */
  readonly until: number
  /** `budget of $5.00 a day used up until 2026-11-29 00:00` */
  readonly words: string
}

/** The channels whose budget is used up: the same map again until something changes. */
export type SpentChannels = ReadonlyMap<ChannelId, SpentBudget>

export const NOTHING_SPENT: SpentChannels = new Map()

interface BudgetsParts {
  readonly clock: Clock
  readonly ledger: SpendingLedger
  readonly config: { channels(): readonly Channel[]; clientKeys(): readonly ClientKey[] }
}

interface Owner {
  readonly id: string
  readonly name: string
  readonly budget: Budget | null
}

/** The longest wait for a period's end: a timer can't be set for a month, and stands still while the machine sleeps. */
const LONGEST_WAIT_MS = 3_600_000

const nothing: Stop = () => undefined

/** What is left of the budgets of channels and client keys: asked on the way of each request, told to who shows it. */
export class Budgets {
  readonly #parts: BudgetsParts
  readonly #listeners = new Set<(standings: readonly BudgetStanding[]) => void>()
  /** What `#spentChannels` was worked out from. */
  #channels: readonly Channel[] | null = null
  #revision = -1
  #spentChannels: SpentChannels = NOTHING_SPENT
  #told = ''
  #stopTimer: Stop = nothing

  constructor(parts: BudgetsParts) {
    this.#parts = parts
  }

  /** Worked out anew only when the channels or the sums are others. */
  spentChannels(channels: readonly Channel[]): SpentChannels {
    const { revision } = this.#parts.ledger
    if (channels === this.#channels && revision === this.#revision) return this.#spentChannels
    this.#channels = channels
    this.#revision = revision
    const spent = new Map<ChannelId, SpentBudget>()
    for (const channel of channels) {
      const used = this.#spent('channel', channel)
      if (used !== null) spent.set(channel.id, used)
    }
    if (!isSame(spent, this.#spentChannels)) this.#spentChannels = spent.size === 0 ? NOTHING_SPENT : spent
    return this.#spentChannels
  }

  /** The budget of a key, when nothing is left of it; null when something is, or there is none. */
  spentKey(key: ClientKey): SpentBudget | null {
    return key.budget === null ? null : this.#spent('clientKey', key)
  }

  /** How it stands with each budget: the channels', then the keys'. */
  standings(): BudgetStanding[] {
    const { config } = this.#parts
    const ofChannels = config.channels().flatMap((channel) => this.#standing('channel', channel))
    return [...ofChannels, ...config.clientKeys().flatMap((key) => this.#standing('clientKey', key))]
  }

  /** Tells how all budgets stand whenever one stands otherwise: by costs, by an edit, or because its period ended. */
  onChange(listener: (standings: readonly BudgetStanding[]) => void): Stop {
    const own = (standings: readonly BudgetStanding[]): void => listener(standings)
    if (this.#listeners.size === 0) this.#told = JSON.stringify(this.standings())
    this.#listeners.add(own)
    this.#waitForNextEnd()
    return () => {
      this.#listeners.delete(own)
      if (this.#listeners.size === 0) this.#stopTimer()
    }
  }

  /** To be called when costs were added or the configuration was changed. */
  look(): void {
    if (this.#listeners.size === 0) return
    const standings = this.standings()
    const told = JSON.stringify(standings)
    if (told === this.#told) return
    this.#told = told
    for (const listener of this.#listeners) listener(standings)
  }

  #spent(kind: OwnerKind, { id, budget }: Owner): SpentBudget | null {
    if (budget === null) return null
    const { ledger } = this.#parts
    if (ledger.spent(kind, id, budget.period).usd < budget.limitUsd) return null
    const until = ledger.periods[budget.period].to
    const words = `budget of $${budget.limitUsd.toFixed(2)} a ${budget.period} used up until ${localTime(until)}`
    return { budget, until, words }
  }

  #standing(kind: OwnerKind, { id, name, budget }: Owner): BudgetStanding[] {
    if (budget === null) return []
    const { config, ledger } = this.#parts
    const { usd, unknown } = ledger.spent(kind, id, budget.period)
    const share = usd / budget.limitUsd
    const channels = config.channels()
    const target = switchTarget(budget, channels)
    const switchesTo = target?.id ?? null
    const models = channels.find((channel) => kind === 'channel' && channel.id === id)?.models ?? ['*']
    return [
      {
        owner: { kind, id, name },
        period: budget.period,
        limitUsd: budget.limitUsd,
        spentUsd: toMillionth(usd),
        unknownRequests: unknown,
        state: share >= 1 ? 'used_up' : share >= WARN_SHARE ? 'warned' : 'ok',
        switchesTo,
        switchTakesAll: target !== undefined && listsAll(target, models),
        isTargetGone: budget.then === 'switch' && switchesTo === null,
        until: ledger.periods[budget.period].to
      }
    ]
  }

  #waitForNextEnd(): void {
    this.#stopTimer()
    const { clock, ledger } = this.#parts
    const ms = Math.min(LONGEST_WAIT_MS, Math.max(0, ledger.periods.day.to - clock.now()))
    this.#stopTimer = clock.after(ms, () => {
      this.look()
      this.#waitForNextEnd()
    })
  }
}

const listsAll = (target: Channel, models: readonly string[]): boolean =>
  target.models.includes('*') || models.every((model) => target.models.includes(model))

/** Without the dust of adding binary fractions. */
const toMillionth = (usd: number): number => Math.round(usd * 1e6) / 1e6

function isSame(one: SpentChannels, other: SpentChannels): boolean {
  if (one.size !== other.size) return false
  return [...one].every(([id, { budget, until }]) => {
    const known = other.get(id)
    return known !== undefined && known.budget === budget && known.until === until
  })
}

/** The channel that a budget switches to, by its id, else its name; undefined when there is none of it. */
export const switchTarget = ({ then, switchTo }: Budget, channels: readonly Channel[]): Channel | undefined =>
  then === 'stop'
    ? undefined
    : (channels.find(({ id }) => id === switchTo) ??
      channels.find(({ name, slug }) => name === switchTo || slug === switchTo))
