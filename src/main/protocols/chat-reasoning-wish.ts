import type { Effort, ReasoningWish, Target } from './canonical'
import { budgetOf, effortOf, nearestEffort, wishFor } from './effort'
import { memberOf, numberIn, objectIn, textIn, type JsonObject } from './foreign-json'
import type { Losses } from './losses'
import { matchesModel } from './model-name'
import {
  effortBesideFunctions,
  effortFor,
  effortsOfModel,
  effortsOfOpenModel,
  takesEffort,
  type SentEffort
} from './openai-model'

/** How much to reason, as chat requests say it. There is no one way: OpenAI's own is `reasoning_effort` alone. */

const EFFORTS = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const satisfies readonly Effort[]
const DEFAULT_EFFORTS = ['minimal', 'low', 'medium', 'high'] as const satisfies readonly Effort[]

/**
 * `reasoning_effort`, OpenRouter's `reasoning`, `thinking` as DeepSeek, Kimi and GLM have it, Qwen's `enable_thinking`, which
 * vLLM's clients put under `chat_template_kwargs`. null where nothing was said.
 */
export function decodeWish(body: JsonObject): ReasoningWish | null {
  const asked = objectIn(body, 'reasoning')
  const effort = textIn(body, 'reasoning_effort') ?? textIn(asked, 'effort')
  const isOn = switchIn(body)
  if (isOn === false || effort === 'none') return { kind: 'off' }
  const shown = memberOf(asked, 'exclude') === true ? false : null
  const known = EFFORTS.find((one) => one === effort)
  if (known !== undefined) return { kind: 'effort', effort: known, shown }
  const tokens = budgetIn(body)
  if (tokens !== null && tokens > 0) return { kind: 'budget', tokens: Math.round(tokens), shown }
  return isOn === true ? { kind: 'adaptive', shown } : null
}

const budgetIn = (body: JsonObject): number | null =>
  numberIn(body['reasoning'], 'max_tokens') ??
  numberIn(body['thinking'], 'budget_tokens') ??
  numberIn(body, 'thinking_budget')

/** On or off, in so many words; null where neither was said. */
function switchIn(body: JsonObject): boolean | null {
  const type = textIn(body['thinking'], 'type')
  if (type !== null) return type !== 'disabled'
  const switches = [
    body['enable_thinking'],
    memberOf(body['chat_template_kwargs'], 'enable_thinking'),
    memberOf(body['reasoning'], 'enabled')
  ]
  return switches.find((one) => typeof one === 'boolean') ?? null
}

/** The members that ask a channel for it (quirk `reasoningControl`). */
export function encodeWish(asked: ReasoningWish | null, target: Target, losses: Losses): JsonObject {
  const { quirks } = target
  const wish = wishFor(asked, mayReason(target))
  if (wish === null) return {}
  const known = quirks.efforts ?? DEFAULT_EFFORTS
  switch (quirks.reasoningControl) {
    case 'reasoning':
      return { reasoning: openRouterWish(wish, known, losses) }
    case 'thinking':
      return thinkingWish(wish, quirks.efforts ?? null, losses)
    case 'enable_thinking':
      return qwenWish(wish)
    case 'none':
      if (wish.kind !== 'adaptive') losses.add('reasoning')
      return {}
    default:
      return effortWish(wish, target, losses)
  }
}

/** As OpenAI asks, and those who copied it. */
function effortWish(wish: ReasoningWish, target: Target, losses: Losses): JsonObject {
  const { model, quirks } = target
  const ofModel = ownEfforts(target)
  if (ofModel?.length !== 0 && !takesEffort(target)) return effortUntold(wish, losses)
  if (ofModel !== null) return ownWish(wish, ofModel, losses)
  if (wish.kind === 'off') return effortNone(takesNone(target), losses)
  if (wish.kind === 'adaptive') return {}
  const known = quirks.efforts ?? effortsOfOpenModel(model) ?? DEFAULT_EFFORTS
  return { reasoning_effort: fitEffort(wish, known, losses) }
}

const mayReason = (target: Target): boolean => (ownEfforts(target) ?? []).length > 0

/**
 * The efforts of OpenAI's own models, empty for those that don't reason; null for others, which go by the quirks. A channel that
 * asks in a way of its own fits what its models refuse by itself (OpenRouter).
 */
export function ownEfforts({ model, quirks }: Target): readonly SentEffort[] | null {
  const control = quirks.reasoningControl ?? 'reasoning_effort'
  return control === 'reasoning_effort' || control === 'none' ? effortsOfModel(model) : null
}

/**
 * The same for a request that has functions. `none` is told even where the client asked for nothing: the model would have
 * reasoned.
 */
export function encodeWishBesideFunctions(wish: ReasoningWish | null, target: Target, losses: Losses): JsonObject {
  const isOwnWay = (target.quirks.reasoningControl ?? 'reasoning_effort') === 'reasoning_effort'
  switch (isOwnWay && mayReason(target) ? effortBesideFunctions(target.model) : null) {
    case 'none':
      if (wish?.kind !== 'off') losses.add('reasoning', 'none: Chat refuses it with functions')
      return { reasoning_effort: 'none' }
    case 'left out':
      if ((wishFor(wish, false)?.kind ?? 'adaptive') !== 'adaptive')
        losses.add('reasoning', 'default: Chat takes no effort with functions')
      return {}
    case null:
      return encodeWish(wish, target, losses)
  }
}

function ownWish(wish: ReasoningWish, known: readonly SentEffort[], losses: Losses): JsonObject {
  if (known.length === 0) {
    if (wish.kind === 'effort' || wish.kind === 'budget') losses.add('reasoning')
    return {}
  }
  const effort = effortFor(wish, known, DEFAULT_EFFORTS, losses)
  return effort === null ? {} : { reasoning_effort: effort }
}

/** The model reasons as it does by itself. */
function effortUntold(wish: ReasoningWish, losses: Losses): JsonObject {
  if (wish.kind !== 'adaptive') losses.add('reasoning', wish.kind === 'off' ? 'off → default' : null)
  return {}
}

const takesNone = ({ model, quirks: { effortNoneModels, takesEffortNone } }: Target): boolean =>
  effortNoneModels === undefined ? takesEffortNone === true : matchesModel(effortNoneModels, model)

/** Most refuse it, as OpenAI's before GPT-5.1 do. */
function effortNone(isKnown: boolean, losses: Losses): JsonObject {
  if (isKnown) return { reasoning_effort: 'none' }
  losses.add('reasoning', 'off')
  return {}
}

type Amount = Extract<ReasoningWish, { kind: 'effort' | 'budget' }>

function fitEffort(wish: Amount, known: readonly Effort[], losses: Losses): Effort {
  if (wish.kind === 'budget') return nearestEffort(effortOf(wish.tokens), known)
  const effort = nearestEffort(wish.effort, known)
  if (effort !== wish.effort) losses.add('reasoning', `${wish.effort} → ${effort}`)
  return effort
}

/** https://openrouter.ai/docs/use-cases/reasoning-tokens#controlling-reasoning-tokens */
function openRouterWish(wish: ReasoningWish, known: readonly Effort[], losses: Losses): JsonObject {
  if (wish.kind === 'off') return { effort: 'none' }
  const hidden = wish.shown === false ? { exclude: true } : {}
  switch (wish.kind) {
    case 'adaptive':
      return { enabled: true, ...hidden }
    case 'budget':
      return { max_tokens: wish.tokens, ...hidden }
    case 'effort':
      return { effort: fitEffort(wish, known, losses), ...hidden }
  }
}

/** On or off; how much is told beside it where the channel names its efforts (DeepSeek). */
function thinkingWish(wish: ReasoningWish, known: readonly Effort[] | null, losses: Losses): JsonObject {
  if (wish.kind === 'off') return { thinking: { type: 'disabled' } }
  const on = { thinking: { type: 'enabled' } }
  if (wish.kind === 'adaptive') return on
  if (known !== null) return { ...on, reasoning_effort: fitEffort(wish, known, losses) }
  losses.add('reasoning', 'only on or off')
  return on
}

/** https://www.alibabacloud.com/help/en/model-studio/deep-thinking */
function qwenWish(wish: ReasoningWish): JsonObject {
  if (wish.kind === 'off') return { enable_thinking: false }
  if (wish.kind === 'adaptive') return { enable_thinking: true }
  return { enable_thinking: true, thinking_budget: wish.kind === 'budget' ? wish.tokens : budgetOf(wish.effort) }
}
