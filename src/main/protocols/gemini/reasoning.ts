import type { Effort, Part, ReasoningPart, ReasoningWish, Signature, Target } from '../canonical'
import { budgetOf, effortOf, nearestEffort, wishFor } from '../effort'
import { textIn, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { memberNamed, numberNamed, objectNamed, textNamed } from '../proto-json'
import { unwrapSigned, wrapSigned, type Signed } from '../signatures'
import { isGemini3, isWrappedHere, STAND_IN } from './request'
import type { ThinkingConfig } from './wire'

/** How a client's `generationConfig` asks for thoughts: https://ai.google.dev/gemini-api/docs/thinking */
export function decodeReasoning(generationConfig: unknown): ReasoningWish | null {
  const config = objectNamed(generationConfig, 'thinkingConfig')
  if (config === null) return null
  const includes = memberNamed(config, 'includeThoughts')
  const shown = typeof includes === 'boolean' ? includes : null
  const level = textNamed(config, 'thinkingLevel')?.toLowerCase()
  const effort = LEVELS.find((known) => known === level)
  if (effort !== undefined) return { kind: 'effort', effort, shown }
  const tokens = numberNamed(config, 'thinkingBudget')
  if (tokens === 0) return { kind: 'off' }
  if (tokens !== null && tokens > 0) return { kind: 'budget', tokens, shown }
  return tokens === null && shown !== true ? null : { kind: 'adaptive', shown }
}

const LEVELS: readonly Effort[] = ['minimal', 'low', 'medium', 'high']
const WRITTEN = {
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH'
} as const satisfies Readonly<Record<Effort, ThinkingConfig['thinkingLevel']>>

/** Models that can't be asked to think: all before 2.5, and the open ones. */
const NO_THINKING = /\bgem(?:ma|ini-(?:1|2\.0))\b/

/** Those that think by themselves, as far as their names tell. */
const THINKING = /\bgemini-(?:2\.5|[3-9])(?!.*-(?:image|tts))/

/** Those of Gemini 3 that know MINIMAL; from 3.7 on, and the Pro ones, refuse it. */
const MINIMAL = /\bgemini-3(?:\.\d+)?-flash-lite\b|\bgemini-3(?:\.[0-6])?-flash\b/

interface Budgets {
  readonly least: number
  readonly most: number
  readonly canBeOff: boolean
}

/** Those of Gemini 2.5: https://ai.google.dev/gemini-api/docs/thinking#set-budget */
function budgetsOf(model: string): Budgets {
  if (/\bgemini-2\.5-pro\b/.test(model)) return { least: 128, most: 32_768, canBeOff: false }
  return { least: /\bflash-lite\b/.test(model) ? 512 : 1, most: 24_576, canBeOff: true }
}

/** Gemini 2.5 is given a budget, Gemini 3 and later a level (a budget is refused by the newest). */
export function encodeReasoning(
  asked: ReasoningWish | null,
  { model, quirks }: Target,
  losses: Losses
): ThinkingConfig | undefined {
  const wish = wishFor(asked, THINKING.test(model))
  if (wish === null) return undefined
  if (quirks.reasoningControl === 'none' || NO_THINKING.test(model)) {
    if (wish.kind !== 'off') losses.add('reasoning')
    return undefined
  }
  const shown = wish.kind === 'off' || wish.shown === null ? {} : { includeThoughts: wish.shown }
  if (!isGemini3(model)) return { ...shown, thinkingBudget: budgetFor(wish, model, losses) }
  const level = levelFor(wish, quirks.efforts ?? (MINIMAL.test(model) ? LEVELS : LEVELS.slice(1)), losses)
  return { ...shown, thinkingLevel: level }
}

function budgetFor(wish: ReasoningWish, model: string, losses: Losses): number {
  const { least, most, canBeOff } = budgetsOf(model)
  if (wish.kind === 'adaptive') return -1
  if (wish.kind === 'effort') return Math.min(budgetOf(wish.effort), most)
  if (wish.kind === 'off') {
    if (canBeOff) return 0
    losses.add('reasoning', `off → ${least}`)
    return least
  }
  const tokens = Math.min(Math.max(wish.tokens, least), most)
  if (tokens !== wish.tokens) losses.add('reasoning', `${wish.tokens} → ${tokens}`)
  return tokens
}

/** `efforts`: those that the channel's model knows. undefined leaves it to the model. */
function levelFor(wish: ReasoningWish, efforts: readonly Effort[], losses: Losses): ThinkingConfig['thinkingLevel'] {
  if (wish.kind === 'adaptive') return undefined
  const known = LEVELS.filter((level) => efforts.includes(level))
  const wanted = wish.kind === 'off' ? 'minimal' : wish.kind === 'effort' ? wish.effort : effortOf(wish.tokens)
  const level = nearestEffort(wanted, known.length > 0 ? known : LEVELS)
  if (wish.kind === 'off') losses.add('reasoning', `off → ${level}`)
  return WRITTEN[level]
}

/** Whether the client wants to see thoughts: a Gemini that is not asked shows none. */
export const wantsThoughts = (body: JsonObject): boolean =>
  memberNamed(objectNamed(objectNamed(body, 'generationConfig'), 'thinkingConfig'), 'includeThoughts') === true

/**
 * A signature of `text` for a client of Gemini. They are base64 in its JSON, and some SDKs decode them; so another's is encoded
 * too. It stands on the part that follows the thought, since Gemini CLI leaves thoughts out.
 */
export const encodeSignature = (signature: Signature, text: string): string =>
  signature.maker === 'gemini' ? signature.value : Buffer.from(wrapSigned(signature, text, 'gemini')).toString('base64')

/** The signature of a part, in a request or in an answer; null without one. The stand-in for one is none. */
export const signatureOf = (part: unknown): Signature | null => signedOf(part)?.signature ?? null

/** The same with the text that it is of, where another's says it. */
export function signedOf(part: unknown): Signed | null {
  const text = textNamed(part, 'thoughtSignature')
  if (text === null || text === STAND_IN) return null
  return unwrapSigned(isWrappedHere(text) ? Buffer.from(text, 'base64').toString() : text, 'gemini')
}

/**
 * Puts a signature behind the thoughts that it stands apart from. Another vendor's was handed out with their text, which stands
 * for what is left of them; an older one was not.
 */
export function sign(parts: Part[], { signature, text }: Signed): void {
  if (signature.maker === 'gemini') {
    parts.push({ type: 'reasoning', text: '', signature })
    return
  }
  const open = parts.findLastIndex((part) => part.type !== 'reasoning' || part.signature !== null) + 1
  const told = parts
    .splice(open)
    .map((part) => (part.type === 'reasoning' ? part.text : ''))
    .join('')
  const unsigned = text !== null && told.endsWith(text) ? told.slice(0, told.length - text.length) : ''
  if (unsigned !== '') parts.push({ type: 'reasoning', text: unsigned, signature: null })
  parts.push({ type: 'reasoning', text: text ?? told, signature })
}

/** `signed`: what stands on it (signedOf). */
export function readThought(part: JsonObject, signed: Signed | null): readonly ReasoningPart[] {
  const text = signed?.text ?? textIn(part, 'text') ?? ''
  const signature = signed?.signature ?? null
  return text === '' && signature === null ? [] : [{ type: 'reasoning', text, signature }]
}
