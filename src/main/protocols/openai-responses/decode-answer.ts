import type { Answer, AnswerPart, Finish, HostedCallPart } from '../canonical-answer'
import type { MediaPart, ToolCallPart } from '../canonical'
import { listIn, isObject, memberOf, objectIn, parseJson, textIn, type JsonObject } from '../foreign-json'
import { newCallId } from '../tool-ids'
import { decodeContent } from './content'
import { decodeFinish, type Held } from './finish'
import { decodeReasoningItem, PARAGRAPH } from './reasoning'
import { Losses } from '../losses'
import { BROKEN_ARGUMENTS, UnreadableAnswer } from '../translator'
import { tokenUsage } from './usage'

/** A channel's whole answer: https://platform.openai.com/docs/api-reference/responses/object. */
export function decodeAnswer(body: unknown): Answer {
  const parts = partsOf(body)
  if (parts === null) throw new UnreadableAnswer(BROKEN_ARGUMENTS)
  const status = textIn(body, 'status') ?? ''
  if (status === 'cancelled' || (UNFINISHED.has(status) && parts.length === 0)) {
    throw new UnreadableAnswer(`The upstream answered with a response that is ${status}`)
  }
  const held = { calls: hasPart(parts, 'tool-call'), refusal: hasPart(parts, 'refusal') }
  return { id: textIn(body, 'id') ?? '', parts, finish: finishOf(body, memberOf(body, 'usage'), held) }
}

/** A response in the background has no output yet: https://platform.openai.com/docs/guides/background */
const UNFINISHED: ReadonlySet<string> = new Set(['queued', 'in_progress'])

/** Of a response; null where a call's arguments break off though the answer was not cut. */
function partsOf(response: unknown): readonly AnswerPart[] | null {
  const parts: AnswerPart[] = []
  for (const item of listIn(response, 'output').filter(isObject)) {
    const told = decodeItem(item)
    parts.push(...(saysText(parts) ? asParagraph(told) : told))
  }
  const isCut = textIn(response, 'status') === 'incomplete'
  const isRight = (part: AnswerPart): boolean => part.type !== 'tool-call' || parseJson(part.input) !== undefined
  return isCut || parts.every(isRight) ? parts : null
}

export const saysText = (parts: readonly AnswerPart[]): boolean =>
  parts.some((part) => part.type === 'text' && part.text !== '')

/**
 * A message that follows another (a commentary before the answer) begins a paragraph: other protocols have one message for all of
 * them, and clients put its texts together as they are.
 */
export function asParagraph(parts: readonly AnswerPart[]): readonly AnswerPart[] {
  const first = parts.find((part) => part.type === 'text' && part.text !== '')
  return parts.map((part) => (part === first && part.type === 'text' ? { ...part, text: PARAGRAPH + part.text } : part))
}

const hasPart = (parts: readonly AnswerPart[], type: AnswerPart['type']): boolean =>
  parts.some((part) => part.type === type)

/** `response`: at least its `status` and `incomplete_details`. */
export const finishOf = (response: unknown, usage: unknown, held: Held): Finish => ({
  reason: decodeFinish(response, held),
  stopSequence: null,
  usage: tokenUsage(usage)
})

/** Items of the future say nothing. */
export function decodeItem(item: JsonObject): readonly AnswerPart[] {
  switch (textIn(item, 'type')) {
    case 'message':
      // What an upstream says of itself in parts that nobody knows is passed over, as its unknown items are.
      return decodeContent(memberOf(item, 'content'), new Losses())
    case 'reasoning': {
      const reasoning = decodeReasoningItem(item)
      return reasoning === null ? [] : [reasoning]
    }
    case 'function_call':
      return [callOf(item, textIn(item, 'arguments') ?? '{}')]
    case 'custom_tool_call':
      return [callOf(item, JSON.stringify({ input: textIn(item, 'input') ?? '' }))]
    case 'web_search_call':
      return [searchOf(item)]
    case 'code_interpreter_call':
      return [codeOf(item)]
    case 'image_generation_call':
      return imageOf(item)
    default:
      return []
  }
}

export function callOf(item: JsonObject, input: string): ToolCallPart {
  const name = textIn(item, 'name') ?? ''
  const id = textIn(item, 'call_id') ?? textIn(item, 'id') ?? newCallId()
  return { type: 'tool-call', id, name, input, cache: null }
}

/** A search, or a page that it opened or looked through. */
function searchOf(item: JsonObject): HostedCallPart {
  const action = objectIn(item, 'action')
  const id = textIn(item, 'id') ?? ''
  const url = textIn(action, 'url')
  const failure = failureOf(item)
  if (url !== null)
    return { type: 'hosted-call', id, tool: 'web_fetch', input: url, sources: [], output: null, ...failure }
  const query = listIn(action, 'queries').find((one) => typeof one === 'string') ?? textIn(action, 'query') ?? ''
  const sources = listIn(action, 'sources').flatMap((source) => textIn(source, 'url') ?? [])
  return {
    type: 'hosted-call',
    id,
    tool: 'web_search',
    input: query,
    sources: sources.map((source) => ({ url: source, title: null, quote: null })),
    output: null,
    ...failure
  }
}

const failureOf = (item: JsonObject): Pick<HostedCallPart, 'error'> =>
  textIn(item, 'status') === 'failed' ? { error: 'failed' } : {}

function codeOf(item: JsonObject): HostedCallPart {
  const logs = listIn(item, 'outputs').flatMap((output) => textIn(output, 'logs') ?? [])
  return {
    type: 'hosted-call',
    id: textIn(item, 'id') ?? '',
    tool: 'code_execution',
    input: textIn(item, 'code') ?? '',
    sources: [],
    output: logs.length === 0 ? null : logs.join('\n'),
    ...failureOf(item)
  }
}

function imageOf(item: JsonObject): readonly MediaPart[] {
  const data = textIn(item, 'result')
  if (data === null) return []
  const mimeType = `image/${textIn(item, 'output_format') ?? 'png'}`
  const source = { kind: 'base64', data } as const
  return [{ type: 'media', media: 'image', mimeType, source, name: null, detail: null, cache: null }]
}
