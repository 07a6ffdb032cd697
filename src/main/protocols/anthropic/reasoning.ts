import type { Quirks } from '../../../shared/quirks'
import type { Conversation, Effort, ReasoningPart, ReasoningWish, Target, Turn } from '../canonical'
import type { MessagesModel } from '../claude-model'
import { budgetOf, effortOf, nearestEffort } from '../effort'
import { countIn, entryOf, memberOf, objectIn, textIn, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { unwrapSignature, wrapSignature } from '../signatures'
import type { OutputConfig, RedactedThinkingBlock, ThinkingBlock, ThinkingConfig } from './wire'

/** Tells the `data` of redacted thinking from a signature; neither's alphabet (base64) has a colon. */
const REDACTED = 'redacted:'

/** A `thinking` or `redacted_thinking` block; null where it holds nothing. */
export function decodeThinking(block: JsonObject): ReasoningPart | null {
  const data = textIn(block, 'data')
  if (data !== null) return { type: 'reasoning', text: '', signature: redactedSignature(data) }
  const text = textIn(block, 'thinking') ?? ''
  const signed = textIn(block, 'signature')
  if (text === '' && signed === null) return null
  return { type: 'reasoning', text, signature: signed === null ? null : unwrapSignature(signed, 'anthropic') }
}

export const redactedSignature = (data: string) => ({ maker: 'anthropic', value: REDACTED + data }) as const

/**
 * The block for a client. Another vendor's signature goes wrapped, so that it comes back with the next request; thinking that
 * nobody signed has an empty one.
 */
export function encodeThinking({ text, signature }: ReasoningPart): ThinkingBlock | RedactedThinkingBlock {
  const wrapped = signature === null ? '' : wrapSignature(signature, 'anthropic')
  if (wrapped.startsWith(REDACTED)) return { type: 'redacted_thinking', data: wrapped.slice(REDACTED.length) }
  return { type: 'thinking', thinking: text, signature: wrapped }
}

/** The block for the vendor, which takes back only what it signed itself; null for all else. */
export const encodeOwnThinking = (part: ReasoningPart): ThinkingBlock | RedactedThinkingBlock | null =>
  part.signature?.maker === 'anthropic' ? encodeThinking(part) : null

const EFFORTS: Readonly<Record<string, Effort>> = {
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'xhigh',
  max: 'max'
} satisfies Record<NonNullable<OutputConfig['effort']>, Effort>

/**
 * What `thinking` and `output_config.effort` ask for together. `between_tools` is the least that its model can be set to,
 * what `disabled` is to others: https://platform.claude.com/docs/en/models/sonnet-5-5/migration-guide
 */
export function decodeWish(body: JsonObject): ReasoningWish | null {
  const thinking = objectIn(body, 'thinking')
  const display = textIn(thinking, 'display')
  // Models that are given a budget show their thinking unless told otherwise; those that decide themselves differ.
  const isShown = textIn(thinking, 'type') === 'enabled' ? true : null
  const shown = display === null ? isShown : display !== 'omitted'
  const named = entryOf(EFFORTS, textIn(memberOf(body, 'output_config'), 'effort') ?? '')
  const budget = countIn(thinking, 'budget_tokens')
  switch (textIn(thinking, 'type')) {
    case 'disabled':
    case 'between_tools':
      return { kind: 'off' }
    case 'enabled':
      if (budget !== null) return { kind: 'budget', tokens: budget, shown }
      break
    case 'adaptive':
      break
    default:
      return named === undefined ? wishOfSilence(body) : { kind: 'effort', effort: named, shown }
  }
  return named === undefined ? { kind: 'adaptive', shown } : { kind: 'effort', effort: named, shown }
}

/** The least budget that is taken, and it must be less than `max_tokens`: within so many tokens the vendor's models can't think. */
const LEAST_BUDGET = 1024

/** Titles and the like, which a model that reasons by itself would spend on reasoning alone; for longer answers its default is left. */
function wishOfSilence(body: JsonObject): ReasoningWish | null {
  const limit = countIn(body, 'max_tokens')
  return limit !== null && limit <= LEAST_BUDGET ? { kind: 'off', unsaid: true } : null
}

export interface ThinkingPlan {
  readonly thinking: ThinkingConfig | null
  readonly effort: NonNullable<OutputConfig['effort']> | null
  readonly maxTokens: number
  /** It was asked to think, which restricts sampling. */
  readonly isOn: boolean
}

/** Left for the answer at most, and at least; between them a quarter of the limit. */
const MOST_FOR_ANSWER = 8192
const LEAST_FOR_ANSWER = 512

/** How the model is asked to think as the client wishes, within the limit of its answer. */
export function planThinking(
  conversation: Conversation,
  { quirks }: Target,
  model: MessagesModel,
  losses: Losses
): ThinkingPlan {
  const wish = conversation.reasoning
  const unsaid: ThinkingPlan = {
    thinking: null,
    effort: null,
    maxTokens: limitOf(conversation, quirks, model),
    isOn: false
  }
  const control = controlOf(quirks, model)
  if (wish === null || (wish.kind === 'off' && (control === 'none' || wish.unsaid === true))) return unsaid
  if (wish.kind === 'off') return switchedOff(unsaid, model, losses)
  if (control === 'none') {
    losses.add('reasoning')
    return unsaid
  }
  if (control !== 'adaptive') return planBudget(wish, conversation, unsaid, { model, quirks }, losses)
  if (isForced(conversation) && model.takesForcedTools && !model.thinksWithForcedTools) {
    losses.add('reasoning', WHERE_FORCED)
    return switchedOff(unsaid, model, losses)
  }
  return planAdaptive(wish, unsaid, quirks, model)
}

/** As asked for; one must be named, so else the usual one. */
function limitOf({ maxTokens }: Conversation, quirks: Quirks, model: MessagesModel): number {
  const usual = Math.min(quirks.defaultMaxTokens ?? model.defaultMaxTokens, quirks.mostTokens ?? Infinity)
  return Math.max(maxTokens ?? usual, 1)
}

function planAdaptive(wish: Thinking, unsaid: ThinkingPlan, quirks: Quirks, model: MessagesModel): ThinkingPlan {
  const display = wish.shown === null || !model.isClaude ? {} : { display: displayOf(wish.shown) }
  return { ...unsaid, thinking: { type: 'adaptive', ...display }, effort: effortFor(wish, quirks, model), isOn: true }
}

function planBudget(
  wish: Thinking,
  conversation: Conversation,
  unsaid: ThinkingPlan,
  { model, quirks }: { readonly model: MessagesModel; readonly quirks: Quirks },
  losses: Losses
): ThinkingPlan {
  const obstacle = obstacleToBudget(conversation)
  if (obstacle !== null) {
    losses.add('reasoning', obstacle)
    return switchedOff(unsaid, model, losses)
  }
  const most = quirks.mostTokens ?? (model.isClaude ? model.defaultMaxTokens : Infinity)
  const { budget, maxTokens } = budgetFor(wish, conversation.maxTokens, unsaid.maxTokens, most)
  tellShrunk(wish, budget, losses)
  const display = wish.shown === null || !model.isClaude ? {} : { display: displayOf(wish.shown) }
  return { ...unsaid, thinking: { type: 'enabled', budget_tokens: budget, ...display }, maxTokens, isOn: true }
}

function controlOf(quirks: Quirks, model: MessagesModel): MessagesModel['thinking'] {
  const control = quirks.reasoningControl
  return control === 'adaptive' || control === 'budget' || control === 'none' ? control : model.thinking
}

/** A model that can't be kept from thinking is asked for as little as it can. */
function switchedOff(unsaid: ThinkingPlan, model: MessagesModel, losses: Losses): ThinkingPlan {
  if (model.thinkingOff !== null) return { ...unsaid, thinking: { type: model.thinkingOff } }
  losses.add('reasoning', 'off')
  return { ...unsaid, effort: 'low' }
}

type Thinking = Exclude<ReasoningWish, { readonly kind: 'off' }>

const displayOf = (shown: boolean): 'summarized' | 'omitted' => (shown ? 'summarized' : 'omitted')

/** https://platform.claude.com/docs/en/build-with-claude/effort */
function effortFor(wish: Thinking, quirks: Quirks, model: MessagesModel): ThinkingPlan['effort'] {
  if (wish.kind === 'adaptive') return null
  const effort = wish.kind === 'effort' ? wish.effort : effortOf(wish.tokens)
  const nearest = nearestEffort(effort, quirks.efforts ?? model.efforts)
  return nearest === 'minimal' ? 'low' : nearest
}

/**
 * Thinking counts into `max_tokens`, which must be more than the budget. In the terms of OpenAI and Gemini reasoning counts
 * into the client's own limit as well, so that the limit stays and the budget gives way; only a limit that nobody asked for is
 * raised, up to what the model takes. https://platform.claude.com/docs/en/build-with-claude/extended-thinking
 */
function budgetFor(
  wish: Thinking,
  asked: number | null,
  usual: number,
  most: number
): { readonly budget: number; readonly maxTokens: number } {
  const wanted = Math.max(tokensFor(wish), LEAST_BUDGET)
  if (asked !== null) return { budget: Math.min(wanted, roomIn(asked)), maxTokens: asked }
  const maxTokens = usual > wanted ? usual : Math.min(wanted + usual, most)
  return { budget: maxTokens > wanted ? wanted : roomIn(maxTokens), maxTokens }
}

/** Tokens for thinking within a limit. */
const roomIn = (limit: number): number =>
  limit - Math.min(MOST_FOR_ANSWER, Math.max(LEAST_FOR_ANSWER, Math.floor(limit / 4)))

/** An effort is no exact number of tokens: it counts as shrunk when another one is nearer. */
function tellShrunk(wish: Thinking, budget: number, losses: Losses): void {
  if (wish.kind === 'budget' && budget < wish.tokens) losses.add('reasoning', `${wish.tokens} → ${budget}`)
  if (wish.kind !== 'effort' || budget >= budgetOf(wish.effort)) return
  const effort = effortOf(budget)
  if (effort !== wish.effort) losses.add('reasoning', `${wish.effort} → ${effort}`)
}

function tokensFor(wish: Thinking): number {
  if (wish.kind === 'adaptive') return budgetOf('medium')
  return wish.kind === 'effort' ? budgetOf(wish.effort) : wish.tokens
}

const WHERE_FORCED = 'off where a tool is forced'

const isForced = ({ tools, toolChoice }: Conversation): boolean =>
  tools.length > 0 && (toolChoice?.kind === 'required' || toolChoice?.kind === 'tool')

/** Why this request is refused with a budget, or does better without, so that it goes without; null where it is not. */
function obstacleToBudget(conversation: Conversation): string | null {
  const { turns, maxTokens } = conversation
  if (isForced(conversation)) return WHERE_FORCED
  if (maxTokens !== null && roomIn(maxTokens) < LEAST_BUDGET) return `off within ${maxTokens} tokens`
  const start = startOfLoop(turns)
  const isRefused = start !== null && !beginsWithThinking(start)
  if (isRefused && turns.at(-1)?.role === 'assistant') return 'off where a begun answer goes on'
  if (isRefused) return 'off in a tool loop without signed thinking'
  return forgetsSignatures(turns) ? 'off since no signature came back' : null
}

/**
 * Whether the client calls tools and has never given a signature back, its maker whoever. Each of its tool loops must go
 * without thinking; with it in between, it would be switched on and off in turns, and every time the vendor forgets its cache
 * of the messages (https://platform.claude.com/docs/en/build-with-claude/prompt-caching#what-invalidates-the-cache). So it stays
 * off from the first call to the end of the conversation. A client that gives signatures back switches on once at most.
 */
function forgetsSignatures(turns: readonly Turn[]): boolean {
  const parts = turns.flatMap((turn) => turn.parts)
  const isSigned = parts.some((part) => part.type === 'reasoning' && part.signature !== null)
  return !isSigned && parts.some(({ type }) => type === 'tool-call')
}

/** The first assistant turn since the user last said something: its calls' results are no end of it. */
function startOfLoop(turns: readonly Turn[]): Turn | null {
  let start: Turn | null = null
  let isAnswered = false
  let hasResults = false
  for (const turn of turns.toReversed()) {
    if (turn.role !== 'assistant') {
      isAnswered = true
      hasResults ||= turn.parts.some(({ type }) => type === 'tool-result')
      continue
    }
    if (isAnswered && !hasResults) break
    start = turn
    isAnswered = hasResults = false
  }
  return start
}

function beginsWithThinking({ parts }: Turn): boolean {
  const first = parts.find(
    (part) => !(part.type === 'text' && part.text.trim() === '') && !(part.type === 'reasoning' && !isOwn(part))
  )
  return first?.type === 'reasoning'
}

const isOwn = (part: ReasoningPart): boolean => part.signature?.maker === 'anthropic'
