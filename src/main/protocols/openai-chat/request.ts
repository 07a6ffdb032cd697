import type { Quirks } from '../../../shared/quirks'
import { isObject, listIn, memberOf, objectIn, textIn, textsOf, without } from '../foreign-json'
import type { Losses } from '../losses'
import type { RequestFacts, Route } from '../protocol'
import { googleExtra, needsSignature, STAND_IN } from './reasoning'

const roleOf = (message: unknown): string => textIn(message, 'role') ?? ''

/** What routing needs of a chat request, a completion or an embedding. */
export function readRequest(route: Route, body: unknown): RequestFacts {
  const messages = listIn(body, 'messages')
  const system = messages.filter((message) => roleOf(message) === 'system' || roleOf(message) === 'developer')
  const firstUser = messages.find((message) => roleOf(message) === 'user')
  const texts = [...system, firstUser].flatMap((message) => textsOf(memberOf(message, 'content')))
  return {
    model: textIn(body, 'model'),
    stream: route.operation !== 'embed' && memberOf(body, 'stream') === true,
    sessionId: null,
    promptCacheKey: textIn(body, 'prompt_cache_key'),
    sessionText: texts.join('\n'),
    hasAssistantTurn: messages.some((message) => roleOf(message) === 'assistant'),
    stateId: null,
    inThread: false,
    asksForUsage: memberOf(memberOf(body, 'stream_options'), 'include_usage') === true
  }
}

/** Where relays put signed reasoning, since Chat has no place of its own for it; the last is Google's, and ours. */
const SIGNED = ['reasoning_details', 'thinking_blocks', 'extra_content'] as const

/**
 * B14: the same messages without signed reasoning; null when there is none. Calls of Gemini models that had a signature get
 * Google's stand-in (reasoning.ts), since they are refused without any.
 */
export function stripSignatures(body: unknown, model: string | null): unknown {
  if (!isObject(body)) return null
  const messages = listIn(body, 'messages')
  if (!messages.some((message) => isSigned(message) || callsOf(message).some(isSigned))) return null
  return { ...body, messages: messages.map((message) => withoutSignatures(message, model ?? '')) }
}

/** Google's signatures can't be told from those that its own Chat endpoint gave, but OpenAI's models never have any. */
const OPENAI_MODEL = /(?:^|\/)(?:gpt-|chatgpt-|codex-|o\d)/

/** The open ones of that name have many vendors, of whom some want reasoning back. */
const TAKES_NO_REASONING = /(?:^|\/)(?:gpt-(?!oss)|chatgpt-|codex-|o\d)/

/** A member that Routex puts reasoning into for its clients; whose own vendor uses it, and may want it back, can't be told. */
function refusesReasoning(model: string | null, { reasoningField, dropsReasoning }: Quirks): boolean {
  return reasoningField === undefined && (dropsReasoning === true || TAKES_NO_REASONING.test(model ?? ''))
}

/** What other vendors signed, which stands in no message that OpenAI takes, and their reasoning where it is refused. */
export function stripForeign(body: unknown, model: string | null, _losses: Losses, quirks: Quirks): unknown {
  if (!isObject(body)) return null
  const dropsReasoning = refusesReasoning(model, quirks)
  const isReasoned = (message: unknown): boolean => dropsReasoning && textIn(message, 'reasoning_content') !== null
  const names = OPENAI_MODEL.test(model ?? '') ? ['routex', 'google', 'vertex'] : ['routex']
  const isForeign = (holder: unknown): boolean =>
    names.some((name) => objectIn(objectIn(holder, 'extra_content'), name))
  const messages = listIn(body, 'messages')
  if (!messages.some((one) => isReasoned(one) || isForeign(one) || callsOf(one).some(isForeign))) return null
  const clean = (holder: unknown): unknown => (isForeign(holder) ? withoutExtra(holder, names) : holder)
  return {
    ...body,
    messages: messages.map((message) => {
      const bare = isObject(message) && isReasoned(message) ? without(message, 'reasoning_content') : message
      const cleaned = clean(bare)
      const calls = callsOf(cleaned)
      return isObject(cleaned) && calls.some(isForeign) ? { ...cleaned, tool_calls: calls.map(clean) } : cleaned
    })
  }
}

function withoutExtra(holder: unknown, names: readonly string[]): unknown {
  if (!isObject(holder)) return holder
  const rest = without(objectIn(holder, 'extra_content') ?? {}, ...names)
  return Object.keys(rest).length === 0 ? without(holder, 'extra_content') : { ...holder, extra_content: rest }
}

const callsOf = (message: unknown): readonly unknown[] => listIn(message, 'tool_calls')

const isSigned = (holder: unknown): boolean => SIGNED.some((name) => holdsSomething(memberOf(holder, name)))

const holdsSomething = (member: unknown): boolean => (Array.isArray(member) ? member.length > 0 : isObject(member))

function withoutSignatures(message: unknown, model: string): unknown {
  if (!isObject(message)) return message
  const calls = callsOf(message)
  const bare = without(message, ...SIGNED)
  return calls.some(isSigned) ? { ...bare, tool_calls: calls.map((call) => unsignedCall(call, model)) } : bare
}

function unsignedCall(call: unknown, model: string): unknown {
  if (!isObject(call) || !isSigned(call)) return call
  return { ...without(call, ...SIGNED), ...(needsSignature(model) && googleExtra(STAND_IN)) }
}
