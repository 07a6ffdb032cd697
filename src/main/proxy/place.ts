import type { ClientKey } from '../../shared/client-key'
import type { ChannelId } from '../../shared/ids'
import { switchTarget, type SpentBudget } from '../channels/budgets'
import type { ExclusionReason } from '../channels/lease'
import type { SelectionRequest } from '../channels/selection'
import { isDemoResponse } from '../protocols/demo-content'
import { objectIn, textIn } from '../protocols/foreign-json'
import type { Route } from '../protocols/protocol'
import type { ProxyDependencies } from './dependencies'
import type { ParsedRequest } from './parse-request'
import { ProxyError } from './refusal'

/**
 * What the choice of a channel goes by. A request that names state (protocols.md) goes to the channel that made it; one
 * whose maker isn't known goes the usual way and gets the vendor's own error, but for `/v1/responses/{id}`, which is 404, and for
 * one that no channel could be asked for, or none but another than its maker.
 * @throws ProxyError `budget_spent`, `not_found`, `state_not_found`, `thread_not_found`
 */
export function place(parts: ProxyDependencies, request: ParsedRequest): SelectionRequest {
  const { facts, route, key } = request
  const stateId = route.stateId ?? facts.stateId
  const stateHolder = stateId === null ? null : holderOf(parts, stateId)
  if (route.operation === 'response_state' && stateHolder === null) throw notFound(stateId ?? '')
  const { onlyChannel, strategy } = parts.config.settings()
  const channels = parts.config.channels()
  const selection: SelectionRequest = {
    channels,
    strategy,
    protocol: route.protocol,
    // State that a channel holds is none that another could be told of.
    translates: stateId === null && isTranslatable(route),
    operation: route.operation,
    model: request.model,
    ...allowanceOf(parts, key),
    onlyChannel,
    spent: parts.budgets.spentChannels(channels),
    stateHolder,
    session: sessionOf(request)
  }
  if (stateId !== null && isLost(parts, selection, request, stateId)) throw unknownState(stateId, stateHolder, request)
  return selection
}

/**
 * Nobody can go on from that state. One whose holder can't serve the request counts as lost too where another channel could begin
 * it anew with the whole conversation, which clients that know this error then send: of a thread also where the holder only can't
 * now, since that beats waiting for it.
 */
function isLost(
  { selector }: ProxyDependencies,
  selection: SelectionRequest,
  request: ParsedRequest,
  stateId: string
): boolean {
  const { channels, stateHolder } = selection
  if (stateHolder === null) return !selector.couldServe(selection)
  const isThread = goesOnInThread(request, stateId)
  if (!isThread && !(request.protocol.id === 'openai-responses' && isTranslatable(request.route))) return false
  const why = selector.exclusions(selection).find(({ channel }) => channel.id === stateHolder)?.reason
  if (why === undefined || (PASSING.has(why) && !isThread)) return false
  const others = channels.filter(({ id }) => id !== stateHolder)
  return selector.couldServe({ ...selection, channels: others, translates: true, stateHolder: null })
}

/** A holder may serve the request again when these have passed. */
const PASSING: ReadonlySet<ExclusionReason> = new Set(['budget', 'auth_failed', 'open', 'cooling'])

type Allowance = Pick<SelectionRequest, 'clientKeyId' | 'allowedChannels' | 'switchedBy'>

const KEYLESS: Allowance = { clientKeyId: null, allowedChannels: null, switchedBy: null }

/**
 * What the key may use: with its budget used up the one channel that it switches to, whether it might use that before or not.
 * @throws ProxyError `budget_spent` when it stops, or that channel is not there
 */
function allowanceOf(parts: ProxyDependencies, key: ClientKey | null): Allowance {
  if (key === null) return KEYLESS
  const { id: clientKeyId, allowedChannels } = key
  const spent = parts.budgets.spentKey(key)
  if (spent === null) return { clientKeyId, allowedChannels, switchedBy: null }
  const target = switchTarget(spent.budget, parts.config.channels())
  if (target === undefined) throw keySpent(spent, key, parts.clock.now())
  return { clientKeyId, allowedChannels: alone(target.id), switchedBy: spent }
}

function keySpent({ budget, until, words }: SpentBudget, { name }: ClientKey, now: number): ProxyError {
  const missing = budget.then === 'switch' ? ' The channel that it switches to is not there.' : ''
  const what = `This request was not sent: the key "${name}" has its ${words}.${missing} Raise the budget in Routex, or wait.`
  return new ProxyError('budget_spent', what, { retryAfterMs: until - now })
}

/** The lists of candidates are kept by the identity of the channels that are allowed. */
const lists = new Map<ChannelId, readonly ChannelId[]>()
const MOST_LISTS = 1000

function alone(id: ChannelId): readonly ChannelId[] {
  const known = lists.get(id)
  if (known !== undefined) return known
  if (lists.size >= MOST_LISTS) lists.clear()
  const list = [id]
  lists.set(id, list)
  return list
}

const sessionOf = ({ session, facts }: ParsedRequest): SelectionRequest['session'] =>
  session === null ? null : { ...session, hasAssistantTurn: facts.hasAssistantTurn }

/** Compaction is one vendor's own affair. */
const isTranslatable = ({ operation, operationPath }: Route): boolean =>
  operation === 'generate' && operationPath !== 'responses/compact'

const UNKNOWN_THREAD = 'No thread was found for `thread.previous_message_id`. Send the whole conversation again.'

/** As the vendors put it, where no channel could even be asked: https://platform.openai.com/docs/guides/conversation-state */
function unknownState(id: string, holder: ChannelId | null, request: ParsedRequest): ProxyError {
  if (goesOnInThread(request, id)) return new ProxyError('thread_not_found', UNKNOWN_THREAD)
  const isResponse = id.startsWith('resp_')
  const what = isResponse ? 'Previous response' : 'Item'
  const why = holder === null ? '' : ` ${elsewhere(request)}`
  return new ProxyError('state_not_found', `${what} with id '${id.slice(0, 200)}' not found.${why}`, {
    status: isResponse ? 400 : 404
  })
}

const elsewhere = ({ model }: ParsedRequest): string =>
  `The channel that keeps it can't serve ${model === null ? 'this request' : `the model "${model}"`}: send the whole conversation again.`

const goesOnInThread = ({ content }: ParsedRequest, id: string): boolean =>
  textIn(objectIn(content.json, 'thread'), 'previous_message_id') === id

/** null: not known, or deleted since. */
function holderOf({ config, stateHolders }: ProxyDependencies, stateId: string): ChannelId | null {
  const holder = stateHolders.holderOf(stateId)
  return holder !== null && config.channel(holder) === undefined ? null : holder
}

function notFound(id: string): ProxyError {
  const why = isDemoResponse(id) ? 'the Demo keeps none' : 'no channel is known to have answered with it'
  return new ProxyError('not_found', `Response with id '${id}' not found: ${why}`)
}
