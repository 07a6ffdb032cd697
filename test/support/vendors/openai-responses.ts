import { named, pieces, toolsOf, type Content, type ToolCall } from './content'

export const RESPONSES_MODEL = 'gpt-5-mini'

const USAGE = {
  input_tokens: 11,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 18
}

export const ENCRYPTED_REASONING = 'gAAAAABfake'

export interface ResponseContent extends Content {
  readonly id?: string
}

/** `stop`: the reason of an incomplete response. */
const isIncomplete = ({ stop }: ResponseContent): boolean => stop === 'max_output_tokens' || stop === 'content_filter'

function envelope(content: ResponseContent, status: string) {
  return {
    id: content.id ?? 'resp_fake',
    object: 'response',
    created_at: 1_760_000_000,
    status,
    error: null,
    incomplete_details: status === 'incomplete' ? { reason: content.stop } : null,
    instructions: null,
    max_output_tokens: null,
    model: content.model ?? RESPONSES_MODEL,
    parallel_tool_calls: true,
    previous_response_id: null,
    store: true,
    temperature: 1,
    text: { format: { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    truncation: 'disabled',
    metadata: {}
  }
}

const outputText = (text: string) => ({ type: 'output_text', text, annotations: [], logprobs: [] })
const refusalPart = (refusal: string) => ({ type: 'refusal', refusal })

function messageItem({ text, refusal }: Content, status: string) {
  const content = refusal === undefined ? [outputText(text)] : [refusalPart(refusal)]
  return { id: 'msg_fake', type: 'message', role: 'assistant', status, content: status === 'completed' ? content : [] }
}

const numbered = (name: string, index: number): string => (index === 0 ? name : `${name}_${index + 1}`)

const callItem = (tool: ToolCall, index: number, args: string, status: string) => ({
  id: numbered('fc_fake', index),
  type: 'function_call',
  call_id: numbered('call_fake', index),
  name: tool.name,
  arguments: args,
  status
})

function reasoningItem(thinking: string) {
  return {
    id: 'rs_fake',
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: thinking }],
    encrypted_content: ENCRYPTED_REASONING
  }
}

/** A Response as `POST /v1/responses` answers it. */
export function response(content: ResponseContent) {
  return {
    ...envelope(content, isIncomplete(content) ? 'incomplete' : 'completed'),
    output: [
      ...(content.thinking === undefined ? [] : [reasoningItem(content.thinking)]),
      messageItem(content, 'completed'),
      ...toolsOf(content).map((tool, index) => callItem(tool, index, JSON.stringify(tool.arguments), 'completed'))
    ],
    usage: content.usage === undefined ? USAGE : content.usage
  }
}

/** The same Response as a stream, from `response.created` to `response.completed`. */
export function responseEvents(content: ResponseContent): readonly string[] {
  const events: { readonly type: string }[] = []
  const add = (type: string, fields: object) => {
    const event = { type, sequence_number: events.length, ...fields }
    events.push(event)
  }
  const unfinished = { ...envelope(content, 'in_progress'), output: [], usage: null }
  add('response.created', { response: unfinished })
  add('response.in_progress', { response: unfinished })
  let index = 0
  if (content.thinking !== undefined) {
    addReasoning(add, index, content.thinking)
    index += 1
  }
  addMessage(add, index, content)
  for (const [number, tool] of toolsOf(content).entries()) addCall(add, index + 1 + number, tool, number)
  add(isIncomplete(content) ? 'response.incomplete' : 'response.completed', { response: response(content) })
  return events.map(named)
}

type Add = (type: string, fields: object) => void

function addReasoning(add: Add, index: number, thinking: string): void {
  const item = reasoningItem(thinking)
  const at = { output_index: index, item_id: item.id, summary_index: 0 }
  add('response.output_item.added', { output_index: index, item: { ...item, summary: [] } })
  add('response.reasoning_summary_part.added', { ...at, part: { type: 'summary_text', text: '' } })
  for (const delta of pieces(thinking)) add('response.reasoning_summary_text.delta', { ...at, delta })
  add('response.reasoning_summary_text.done', { ...at, text: thinking })
  add('response.reasoning_summary_part.done', { ...at, part: { type: 'summary_text', text: thinking } })
  add('response.output_item.done', { output_index: index, item })
}

function addMessage(add: Add, index: number, content: Content): void {
  const at = { output_index: index, item_id: 'msg_fake', content_index: 0 }
  const { text, refusal } = content
  const part = refusal === undefined ? outputText(text) : refusalPart(refusal)
  const empty = refusal === undefined ? outputText('') : refusalPart('')
  const name = refusal === undefined ? 'output_text' : 'refusal'
  add('response.output_item.added', { output_index: index, item: messageItem(content, 'in_progress') })
  add('response.content_part.added', { ...at, part: empty })
  for (const delta of pieces(refusal ?? text)) add(`response.${name}.delta`, { ...at, delta, logprobs: [] })
  add(`response.${name}.done`, { ...at, [refusal === undefined ? 'text' : 'refusal']: refusal ?? text })
  add('response.content_part.done', { ...at, part })
  add('response.output_item.done', { output_index: index, item: messageItem(content, 'completed') })
}

function addCall(add: Add, index: number, tool: ToolCall, number: number): void {
  const at = { output_index: index, item_id: numbered('fc_fake', number) }
  const args = JSON.stringify(tool.arguments)
  add('response.output_item.added', { output_index: index, item: callItem(tool, number, '', 'in_progress') })
  for (const delta of pieces(args)) add('response.function_call_arguments.delta', { ...at, delta })
  add('response.function_call_arguments.done', { ...at, name: tool.name, arguments: args })
  add('response.output_item.done', { output_index: index, item: callItem(tool, number, args, 'completed') })
}
