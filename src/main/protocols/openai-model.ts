import type { Conversation, Effort, ReasoningWish, Target } from './canonical'
import { effortOf, nearestEffort } from './effort'
import type { Losses } from './losses'
import { matchesModel } from './model-name'

/** What OpenAI's own models take, by their names, in both of its protocols. What it does not take is answered with 400. */

export type SentEffort = Effort | 'none'

/**
 * The efforts that they know, first match by name; none: they don't reason.
 * https://platform.openai.com/docs/guides/reasoning, https://platform.openai.com/docs/api-reference/responses/create
 */
const FAMILIES: readonly (readonly [RegExp, readonly SentEffort[]])[] = [
  [/^(?:chatgpt|gpt-[1-4]|gpt-[\d.]+-chat)/, []],
  [/^o\d/, ['low', 'medium', 'high']],
  [/^gpt-5-pro/, ['high']],
  // "Unsupported value: 'none' is not supported with the 'gpt-5.1-codex' model": https://github.com/openai/codex/issues/6647
  [/^gpt-5(?:\.1)?-codex(?!-max)/, ['low', 'medium', 'high']],
  [/^gpt-[\d.]+-codex/, ['low', 'medium', 'high', 'xhigh']],
  [/^gpt-5(?:-|$)/, ['minimal', 'low', 'medium', 'high']],
  [/^gpt-[\d.]+-pro/, ['medium', 'high', 'xhigh']],
  [/^gpt-5\.1/, ['none', 'low', 'medium', 'high']],
  [/^gpt-\d/, ['none', 'low', 'medium', 'high', 'xhigh']]
]

/** null: none of OpenAI's names. */
export const effortsOfModel = (model: string): readonly SentEffort[] | null => find(FAMILIES, model)

/** "Unsupported parameter: 'reasoning_effort'": https://github.com/dzhng/deep-research/pull/89 */
const NO_EFFORT = [/^o1-(?:mini|preview)/, true] as const

/** Whether a model that reasons can be told how much: by its name, or by the channel's quirk. */
export const takesEffort = ({ model, quirks }: Target): boolean =>
  find([NO_EFFORT], model) === null && (quirks.effortModels === undefined || matchesModel(quirks.effortModels, model))

/** The most tokens of an answer, first match by name: https://platform.openai.com/docs/models, one page a model. */
const MOST_TOKENS: readonly (readonly [RegExp, number])[] = [
  [/^(?:gpt-3\.5|gpt-4-turbo|gpt-4-\d{4}-preview|gpt-4o-2024-05-13)/, 4096],
  [/^gpt-4(?:-\d{4})?$/, 8192],
  [/^(?:gpt-4o|chatgpt-4o|gpt-4\.5|gpt-5(?:\.\d)?-chat)/, 16_384],
  [/^gpt-4\.1/, 32_768],
  [/^o1-preview/, 32_768],
  [/^o1-mini/, 65_536],
  [/^o[134]/, 100_000],
  [/^gpt-5-pro/, 272_000],
  [/^gpt-5(?:\.[1-4])?(?:-|$)/, 128_000]
]

/** null: not known. */
export const mostTokensOf = (model: string): number | null => find(MOST_TOKENS, model)

/** More in `tools` are refused: "array too long. Expected an array with maximum length 128". null: none of OpenAI's names. */
export const mostToolsOf = (model: string): number | null => (effortsOfModel(model) === null ? null : 128)

/**
 * Those of OpenAI's open models, whoever serves them (https://huggingface.co/openai/gpt-oss-120b#reasoning-levels); null: none
 * of them. In all else they are as the models of those who serve them.
 */
export const effortsOfOpenModel = (model: string): readonly Effort[] | null =>
  find([[/^gpt-oss/, ['low', 'medium', 'high'] as const]], model)

/** A relay's prefix (`openai/`) and that of a tuned model (`ft:`) say nothing of it. */
function find<T>(families: readonly (readonly [RegExp, T])[], model: string): T | null {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase()
  const base = name.startsWith('ft:') ? name.slice('ft:'.length) : name
  return families.find(([pattern]) => pattern.test(base))?.[1] ?? null
}

/** Whether a model with these efforts takes `temperature` and `top_p`: reasoning models only if they are not to reason. */
export const takesSampling = (known: readonly SentEffort[] | null, effort: unknown): boolean =>
  (known ?? []).length === 0 || effort === 'none'

/**
 * "Model incompatible request arguments supplied: frequency_penalty, presence_penalty, temperature, top_p", whatever their
 * values: https://github.com/vercel/ai/pull/5647. Such models are in Chat alone.
 */
const REFUSES_SAMPLING = [/^gpt-4o(?:-mini)?-search-preview/, true] as const

/** Whether a model that does not reason refuses `temperature`, `top_p` and penalties nevertheless. */
export const refusesSampling = (model: string): boolean => find([REFUSES_SAMPLING], model) !== null

/**
 * GPT-5 brought it, but not to the models of the chat product nor to the first ones for Codex; all else take `medium` alone:
 * https://github.com/enricoros/big-AGI/issues/947, https://github.com/theopenco/llmgateway/pull/2989,
 * https://community.openai.com/t/gpt-5-update-documentation-errors/1341049
 */
const TAKES_VERBOSITY = [/^gpt-(?:5(?!(?:\.\d+)?-chat|(?:\.[12])?-codex)|[6-9]|\d{2})/, true] as const

/** null: nothing is sent, which is as `medium`. */
export function verbosityFor(
  wish: Conversation['verbosity'],
  model: string,
  losses: Losses
): Conversation['verbosity'] {
  if (wish === null || effortsOfModel(model) === null || find([TAKES_VERBOSITY], model) !== null) return wish
  if (wish !== 'medium') losses.add('verbosity', wish)
  return null
}

/** Chat refuses `parallel_tool_calls` of them, whatever its value: https://github.com/run-llama/llama_index/issues/20865 */
const ONE_CALL_AT_A_TIME = [/^o\d/, true] as const

/** Whether Chat takes `parallel_tool_calls` for a model; no refusal of Responses is known. */
export const takesParallelTools = (model: string): boolean => find([ONE_CALL_AT_A_TIME], model) === null

/** Tools whose input is free text came with GPT-5; the models of the chat product have none. */
export function takesCustomTools(model: string): boolean {
  const name = model.slice(model.lastIndexOf('/') + 1).toLowerCase()
  return /^gpt-(?:[5-9]|\d{2})/.test(name) && !name.includes('-chat')
}

/** They tell what they say between calls from their answer, and stop early where a history does not. */
const KNOWS_PHASES = [/^gpt-(?:5\.3-codex|5\.(?:[4-9]|\d{2})|[6-9]|\d{2})/, true] as const

/** Whether a model wants `phase` on the messages of a history: https://developers.openai.com/api/docs/guides/latest-model */
export const knowsPhases = (model: string): boolean => find([KNOWS_PHASES], model) ?? false

/** Models of which Chat takes no effort beside functions: "Please use /v1/responses instead." */
const NO_EFFORT_BESIDE_FUNCTIONS = [/^gpt-5\.[45](?!\d)/, 'left out'] as const
/** Those that Chat refuses with functions unless they are told not to reason, which they do by themselves. */
const NO_REASONING_BESIDE_FUNCTIONS = [/^gpt-(?:5\.(?:[6-9]|\d{2})|[6-9]|\d{2})/, 'none'] as const

/** What becomes of `reasoning_effort` in Chat beside functions; null: nothing. */
export const effortBesideFunctions = (model: string): 'left out' | 'none' | null =>
  find([NO_EFFORT_BESIDE_FUNCTIONS, NO_REASONING_BESIDE_FUNCTIONS], model)

/** null: nothing is sent, and the model does as it does by itself. `known`: not empty. */
export function effortFor(
  wish: ReasoningWish,
  known: readonly SentEffort[] | null,
  usual: readonly Effort[],
  losses: Losses
): SentEffort | null {
  if (wish.kind === 'adaptive') return null
  if (wish.kind === 'off') return switchedOff(known, losses)
  const wanted = wish.kind === 'effort' ? wish.effort : effortOf(wish.tokens)
  const sent = nearestEffort(
    wanted,
    (known ?? usual).filter((effort) => effort !== 'none')
  )
  if (wish.kind === 'effort' && sent !== wanted) losses.add('reasoning', `${wanted} → ${sent}`)
  return sent
}

/** The least that it can be told. Vendors of whom nothing is known may refuse `none`, which is worse than to reason. */
function switchedOff(known: readonly SentEffort[] | null, losses: Losses): SentEffort | null {
  const least = known?.[0] ?? null
  if (least !== 'none') losses.add('reasoning', `off → ${least ?? 'default'}`)
  return least
}
