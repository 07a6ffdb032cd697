import { randomUUID } from 'node:crypto'
import type { FunctionTool, MediaPart, RefusalPart, TextPart } from '../canonical'
import { CUT, type Answer, type Asked, type Finish, type HostedCallPart } from '../canonical-answer'
import { numberOf } from '../exact-json'
import { isObject, objectIn, type JsonObject } from '../foreign-json'
import { callItem, callPrefix, isWholeInput, PLAIN } from '../responses-calls'
import { MADE_UP } from '../signatures'
import { encodeCitation, messageItem, outputText, statusOf } from './content'
import { encodeFinish, type EndFields } from './finish'
import { encodeReasoningOutput } from './reasoning'
import { encodeUsage } from './usage'
import type { OutputRefusal, OutputText, Response, ResponseOutputItem } from './wire'

/** A whole answer for a client: https://platform.openai.com/docs/api-reference/responses/object. */
export function encodeAnswer(answer: Answer, asked: Asked): JsonObject {
  const ids = new AnswerIds(answer.id)
  const output = encodeParts(answer, asked, ids)
  return endedResponse(asked, ids.response, endOf(answer.finish, output), output)
}

/** What a response tells at its end. */
export const endOf = (
  { reason, usage }: Finish,
  output: readonly ResponseOutputItem[]
): EndFields & Pick<Response, 'usage'> => ({
  ...encodeFinish(reason, output.some(isRefused)),
  ...(usage === null ? {} : { usage: encodeUsage(usage) })
})

const isRefused = (item: ResponseOutputItem): boolean =>
  item.type === 'message' && item.content.some((part) => part.type === 'refusal')

/** Longer ids of items are refused when they come back. */
const LONGEST_BASE = 48
/** Shorter ones come again (Ollama's are numbers under 1,000), and clients go on from an answer by its id. */
const SHORTEST_BASE = 16

/** Ids in the vendor's form, made from the upstream's where those are its alone, so that both logs can be compared. */
export class AnswerIds {
  readonly #base: string

  constructor(upstream: string) {
    const base = upstream.replace(/^[a-z]+[_-]/, '')
    const fits = /^[\w-]+$/.test(base) && base.length >= SHORTEST_BASE && base.length <= LONGEST_BASE
    this.#base = fits ? base : randomUUID().replaceAll('-', '')
  }

  get response(): string {
    return `resp_${this.#base}`
  }

  item(prefix: string, index: number): string {
    return `${prefix}_${MADE_UP}${this.#base}${index}`
  }
}

/** A response of which nothing is known yet but what was asked. */
const emptyResponse = ({ model, now }: Asked, id: string): Response => ({
  id,
  object: 'response',
  created_at: Math.floor(now / 1000),
  status: 'in_progress',
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  metadata: {},
  model,
  output: [],
  output_text: '',
  parallel_tool_calls: true,
  previous_response_id: null,
  reasoning: { effort: null, summary: null },
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_p: null,
  truncation: 'disabled'
})

const isText = (value: unknown): boolean => typeof value === 'string'
const isNumber = (value: unknown): boolean => numberOf(value) !== null
const isFlag = (value: unknown): boolean => typeof value === 'boolean'

/** What a response repeats of its request, and of what type it must be for that. */
const REPEATED: readonly (readonly [string, (value: unknown) => boolean])[] = [
  ['background', isFlag],
  ['instructions', (value) => isText(value) || Array.isArray(value)],
  ['max_output_tokens', isNumber],
  ['max_tool_calls', isNumber],
  ['metadata', isObject],
  ['parallel_tool_calls', isFlag],
  ['previous_response_id', isText],
  ['prompt_cache_key', isText],
  ['reasoning', isObject],
  ['safety_identifier', isText],
  ['service_tier', isText],
  ['store', isFlag],
  ['temperature', isNumber],
  ['tool_choice', (value) => isText(value) || isObject(value)],
  ['tools', Array.isArray],
  ['top_logprobs', isNumber],
  ['top_p', isNumber],
  ['truncation', isText],
  ['user', isText]
]

function repeated(body: JsonObject): JsonObject {
  const members: Record<string, unknown> = {}
  for (const [name, isFit] of REPEATED) if (isFit(body[name])) members[name] = body[name]
  const text = objectIn(body, 'text')
  if (text !== null) members['text'] = { format: { type: 'text' }, ...text }
  return members
}

/** A response as its first two events tell it. */
export const begunResponse = (asked: Asked, id: string): JsonObject => ({
  ...emptyResponse(asked, id),
  ...repeated(asked.body)
})

/** A response that ends: whole, cut, or with an error. */
export const endedResponse = (
  asked: Asked,
  id: string,
  end: Partial<Pick<Response, 'status' | 'incomplete_details' | 'usage' | 'error'>>,
  output: readonly ResponseOutputItem[]
): JsonObject => ({ ...begunResponse(asked, id), ...end, output, output_text: textOf(output) })

/** As the SDK itself makes it, for clients without one. */
const textOf = (output: readonly ResponseOutputItem[]): string =>
  output
    .flatMap((item) => (item.type === 'message' ? item.content : []))
    .map((part) => (part.type === 'output_text' ? part.text : ''))
    .join('')

/** What is said between two items of other kinds is one message. */
function encodeParts({ parts, finish }: Answer, asked: Asked, ids: AnswerIds): ResponseOutputItem[] {
  const output: ResponseOutputItem[] = []
  const tools = toolsByName(asked.tools)
  const cut = CUT.has(finish.reason)
  let said: (OutputText | OutputRefusal)[] | null = null
  for (const part of parts) {
    if (part.type === 'text' || part.type === 'refusal') {
      if (saysNothing(part)) continue
      if (said === null) {
        said = []
        output.push(messageItem(ids.item('msg', output.length), 'completed', said))
      }
      said.push(
        part.type === 'refusal'
          ? { type: 'refusal', refusal: part.text }
          : outputText(
              part.text,
              part.citations.map((citation) => encodeCitation(citation, part.text.length))
            )
      )
      continue
    }
    const item = encodeItem(part, cut, output.length, tools, ids)
    if (item === null) continue
    said = null
    output.push(item)
  }
  const last = output.at(-1)
  if (last?.type === 'message') last.status = statusOf(last.content, cut)
  return output
}

const saysNothing = (part: TextPart | RefusalPart): boolean =>
  part.text === '' && (part.type === 'refusal' || part.citations.length === 0)

function encodeItem(
  part: Exclude<Answer['parts'][number], { type: 'text' | 'refusal' }>,
  cut: boolean,
  index: number,
  tools: ReadonlyMap<string, FunctionTool>,
  ids: AnswerIds
): ResponseOutputItem | null {
  switch (part.type) {
    case 'reasoning':
      return encodeReasoningOutput(part, ids.item('rs', index))
    case 'tool-call': {
      const origin = tools.get(part.name)?.origin ?? PLAIN
      const status = isWholeInput(part.input, cut) ? 'completed' : 'incomplete'
      return callItem(part, origin, ids.item(callPrefix(origin), index), status)
    }
    case 'media':
      return imageItem(part, ids.item('ig', index))
    case 'hosted-call':
      return hostedItem(part, ids.item(part.tool === 'code_execution' ? 'ci' : 'ws', index))
  }
}

export const toolsByName = (tools: readonly FunctionTool[]): ReadonlyMap<string, FunctionTool> =>
  new Map(tools.map((tool) => [tool.name, tool]))

type ItemOf<Type extends ResponseOutputItem['type']> = Extract<ResponseOutputItem, { type: Type }>

/** A picture that a model made; of other media an output has no form. */
export const imageItem = ({ media, source }: MediaPart, id: string): ItemOf<'image_generation_call'> | null =>
  media === 'image' && source.kind === 'base64'
    ? { id, type: 'image_generation_call', result: source.data, status: 'completed' }
    : null

export function hostedItem(
  call: HostedCallPart,
  id: string
): ItemOf<'web_search_call'> | ItemOf<'code_interpreter_call'> {
  const { tool, input, sources, output } = call
  const status = call.error === undefined ? 'completed' : 'failed'
  switch (tool) {
    case 'code_execution': {
      const outputs = output === null ? null : [{ type: 'logs' as const, logs: output }]
      return { id, type: 'code_interpreter_call', code: input, container_id: '', outputs, status }
    }
    case 'web_fetch':
      return { id, type: 'web_search_call', action: { type: 'open_page', url: input }, status }
    case 'web_search':
      return {
        id,
        type: 'web_search_call',
        action: {
          type: 'search',
          query: input,
          queries: [input],
          sources: sources.map(({ url }) => ({ type: 'url', url }))
        },
        status
      }
  }
}
