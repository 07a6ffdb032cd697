import {
  demoContent,
  demoId,
  jsonAnswer,
  nowSeconds,
  sseAnswer,
  type DemoContent,
  type DemoRequest
} from '../demo-content'
import { isList, listIn, memberOf, numberIn, textIn, textsOf } from '../foreign-json'
import { belowMinimum, missingParameter } from '../openai-demo'
import type { DemoAnswer, Route } from '../protocol'
import type { CountTokens } from '../token-counter'
import type {
  CompactedResponse,
  InputTokenCount,
  Response,
  ResponseOutputItem,
  ResponseStreamEvent,
  ResponseUsage
} from './wire'

/** The Demo channel's answer to a response, a token count, a compaction; it keeps none, so none is found again. */
export async function demoAnswer(
  route: Route,
  body: unknown,
  stream: boolean,
  countTokens: CountTokens
): Promise<DemoAnswer> {
  if (route.operation === 'response_state') return notFound(route.stateId ?? '')
  const request = readDemo(body)
  if (route.operation === 'count_tokens') {
    const count: InputTokenCount = {
      object: 'response.input_tokens',
      input_tokens: await countTokens(request.prompt)
    }
    return jsonAnswer(count)
  }
  const refused = refusalOf(body)
  if (refused !== null) return refused
  const content = await demoContent(request, countTokens)
  if (route.operationPath === 'responses/compact') return jsonAnswer(compactionOf(content))
  const response = responseOf(content, textIn(body, 'model') ?? 'demo')
  return stream ? sseAnswer(eventsOf(response, content).map(render)) : jsonAnswer(response)
}

/** OpenAI's least. */
const LEAST_TOKENS = 16

/** What the vendor refuses; null when there is nothing. A response can go on from what it stored, without input. */
function refusalOf(body: unknown): DemoAnswer | null {
  const goesOn = ['previous_response_id', 'prompt', 'conversation'].some(
    (name) => (memberOf(body, name) ?? null) !== null
  )
  const input = memberOf(body, 'input') ?? null
  const isEmpty = input === null || (isList(input) && input.length === 0)
  if (isEmpty && !goesOn) return missingParameter('input')
  return belowMinimum(body, 'max_output_tokens', LEAST_TOKENS)
}

const render = (event: ResponseStreamEvent): string => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`

const notFound = (id: string): DemoAnswer =>
  jsonAnswer(
    {
      error: {
        message: `Response with id '${id}' not found: the Routex demo keeps none.`,
        type: 'invalid_request_error',
        param: null,
        code: null
      }
    },
    404
  )

function readDemo(body: unknown): DemoRequest {
  const input = memberOf(body, 'input')
  const items = listIn(body, 'input')
  const tools = listIn(body, 'tools')
  const lastUser = items.findLast((item) => textIn(item, 'role') === 'user')
  const choice = memberOf(body, 'tool_choice')
  const named = textIn(choice, 'type') === 'function' ? textIn(choice, 'name') : null
  const format = memberOf(memberOf(body, 'text'), 'format')
  const formatType = textIn(format, 'type')
  return {
    prompt: [
      ...textsOf(memberOf(body, 'instructions')),
      ...(typeof input === 'string' ? [input] : items.flatMap(textsInItem)),
      ...tools.map((tool) => JSON.stringify(tool))
    ],
    asked: typeof input === 'string' ? input : (textsOf(memberOf(lastUser, 'content')).at(-1) ?? ''),
    tool:
      named === null
        ? null
        : {
            name: named,
            schema: memberOf(
              tools.find((tool) => textIn(tool, 'name') === named),
              'parameters'
            )
          },
    limit: numberIn(body, 'max_output_tokens'),
    json: formatType === 'json_schema' || formatType === 'json_object' ? { schema: memberOf(format, 'schema') } : null
  }
}

const textsInItem = (item: unknown): readonly string[] => [
  ...textsOf(memberOf(item, 'content')),
  ...textsOf(memberOf(item, 'arguments')),
  ...textsOf(memberOf(item, 'output'))
]

const usageOf = ({ inputTokens, outputTokens }: DemoContent): ResponseUsage => ({
  input_tokens: inputTokens,
  input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
  output_tokens: outputTokens,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: inputTokens + outputTokens
})

const itemOf = (content: DemoContent): ResponseOutputItem =>
  content.kind === 'text'
    ? {
        type: 'message',
        id: demoId('msg'),
        role: 'assistant',
        status: content.isCut ? 'incomplete' : 'completed',
        content: [{ type: 'output_text', text: content.text, annotations: [] }]
      }
    : {
        type: 'function_call',
        id: demoId('fc'),
        call_id: demoId('call'),
        name: content.name,
        arguments: JSON.stringify(content.input),
        status: 'completed'
      }

function responseOf(content: DemoContent, model: string): Response {
  const isCut = content.kind === 'text' && content.isCut
  return {
    id: demoId('resp'),
    object: 'response',
    created_at: nowSeconds(),
    status: isCut ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: isCut ? { reason: 'max_output_tokens' } : null,
    instructions: null,
    metadata: {},
    model,
    output: [itemOf(content)],
    output_text: content.kind === 'text' ? content.text : '',
    parallel_tool_calls: true,
    temperature: null,
    tool_choice: 'auto',
    tools: [],
    top_p: null,
    usage: usageOf(content)
  }
}

const compactionOf = (content: DemoContent): CompactedResponse => ({
  id: demoId('resp'),
  object: 'response.compaction',
  created_at: nowSeconds(),
  output: [itemOf(content)],
  usage: usageOf(content)
})

/** An event without its number, for each of the union's members. */
type Unnumbered<Event> = Event extends ResponseStreamEvent ? Omit<Event, 'sequence_number'> : never

function eventsOf(response: Response, content: DemoContent): readonly ResponseStreamEvent[] {
  const unfinished: Response = {
    ...response,
    status: 'in_progress',
    incomplete_details: null,
    output: [],
    output_text: ''
  }
  delete unfinished.usage
  const [item] = response.output
  const events: readonly Unnumbered<ResponseStreamEvent>[] = [
    { type: 'response.created', response: unfinished },
    { type: 'response.in_progress', response: unfinished },
    ...(item === undefined ? [] : itemEvents(item, content)),
    { type: response.status === 'incomplete' ? 'response.incomplete' : 'response.completed', response }
  ]
  return events.map((event, index) => ({ ...event, sequence_number: index }))
}

function itemEvents(item: ResponseOutputItem, content: DemoContent): readonly Unnumbered<ResponseStreamEvent>[] {
  const end = { type: 'response.output_item.done', output_index: 0, item } as const
  if (item.type === 'message' && content.kind === 'text') {
    const begun = { ...item, status: 'in_progress' as const, content: [] }
    return [
      { type: 'response.output_item.added', output_index: 0, item: begun },
      ...textEvents(item.id, content.text, content.pieces),
      end
    ]
  }
  if (item.type !== 'function_call') return [end]
  const { name, arguments: input } = item
  const at = { item_id: item.id ?? '', output_index: 0 }
  const begun = { ...item, status: 'in_progress' as const, arguments: '' }
  return [
    { type: 'response.output_item.added', output_index: 0, item: begun },
    { type: 'response.function_call_arguments.delta', ...at, delta: input },
    { type: 'response.function_call_arguments.done', ...at, name, arguments: input },
    end
  ]
}

function textEvents(id: string, text: string, pieces: readonly string[]): readonly Unnumbered<ResponseStreamEvent>[] {
  const at = { item_id: id, output_index: 0, content_index: 0 }
  const part = (partText: string) => ({ type: 'output_text' as const, text: partText, annotations: [] })
  return [
    { type: 'response.content_part.added', ...at, part: part('') },
    ...pieces.map((delta) => ({ type: 'response.output_text.delta' as const, ...at, delta, logprobs: [] })),
    { type: 'response.output_text.done', ...at, text, logprobs: [] },
    { type: 'response.content_part.done', ...at, part: part(text) }
  ]
}
