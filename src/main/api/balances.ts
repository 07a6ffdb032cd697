import type { BalanceView } from '../../shared/balance'
import type { Channel } from '../../shared/channel'
import type { ChannelId } from '../../shared/ids'
import { endpointOf } from '../../shared/preset-of'
import { RULES } from '../../shared/rules'
import { parseJson } from '../protocols/foreign-json'
import { hostUrl } from '../protocols/upstream-url'
import { viaTo } from '../proxy/via'
import { askUpstream } from './ask-upstream'
import { BALANCE_QUESTIONS, currencyAt } from './balance-forms'
import type { ApiDependencies } from './dependencies'
import { pointsAtUs } from './loop-check'

/** How long an answer is good for. */
const KEEP_MS = 10 * 60_000
const LIMITS = { connectMs: 5000, totalMs: 10_000, maxBytes: 1024 * 1024 }
const MAY_NOT_ASK: ReadonlySet<number> = new Set([401, 403, 404])

type BalanceParts = Pick<ApiDependencies, 'config' | 'transport' | 'gateway' | 'instance' | 'clock'>

interface Kept {
  /** Another one after an edit: what was told of the old address or credential says nothing. */
  readonly account: string
  readonly until: number
  readonly view: Promise<BalanceView>
}

/** What is left on the vendors' side, asked when somebody wants to know, and kept for ten minutes. */
export class Balances {
  readonly #parts: BalanceParts
  readonly #kept = new Map<ChannelId, Kept>()

  constructor(parts: BalanceParts) {
    this.#parts = parts
  }

  /** Never rejects, and takes 20 s at most. `refresh` asks now. */
  of(channel: Channel, refresh: boolean): Promise<BalanceView> {
    const { clock, config } = this.#parts
    for (const id of this.#kept.keys()) if (config.channel(id) === undefined) this.#kept.delete(id)
    const account = JSON.stringify([channel.baseUrl, channel.credentialRevision, channel.quirks.balance])
    const kept = this.#kept.get(channel.id)
    if (!refresh && kept?.account === account && kept.until > clock.now()) return kept.view
    const view = this.#ask(channel)
    this.#kept.set(channel.id, { account, until: clock.now() + KEEP_MS, view })
    return view
  }

  async #ask(channel: Channel): Promise<BalanceView> {
    const { clock, config, gateway } = this.#parts
    const form = channel.quirks.balance ?? endpointOf(channel)?.balance
    const credential = config.credential(channel)
    if (form === undefined || credential === undefined) return { kind: 'not_offered' }
    const askedAt = clock.now()
    // B41.
    if (pointsAtUs(channel.baseUrl, gateway.addresses())) {
      return { kind: 'failed', why: `The base URL ${RULES.not_routex_itself}`, askedAt }
    }
    let why = 'This vendor could not be asked'
    for (const { path, read } of BALANCE_QUESTIONS[form]) {
      const url = hostUrl(channel.baseUrl, path)
      const answer = await this.#get(url, credential)
      if (answer.kind === 'failed') return { kind: 'failed', why: answer.error.message, askedAt }
      if (answer.status === 200) {
        const told = read(parseJson(answer.body.toString('utf8')), currencyAt(channel.baseUrl))
        if (told === 'unlimited') return { kind: 'unlimited', askedAt }
        if (told !== null) return { kind: 'known', amounts: [...told], askedAt }
        return { kind: 'failed', why: 'The answer tells no balance', askedAt }
      }
      why = `The upstream answered with status ${answer.status}`
      if (!MAY_NOT_ASK.has(answer.status)) break
    }
    return { kind: 'failed', why, askedAt }
  }

  #get(url: URL, credential: string) {
    const via = viaTo(url, {}, this.#parts.instance)
    const headers = ['authorization', `Bearer ${credential}`, 'accept', 'application/json']
    const request = { method: 'GET', url, headers: via === null ? headers : [...headers, 'via', via], body: null }
    return askUpstream(this.#parts, request, LIMITS)
  }
}
