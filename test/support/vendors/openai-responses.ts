import { named, pieces, type Content } from './content'

export const RESPONSES_MODEL = 'gpt-5-mini'

const USAGE = {
  input_tokens: 11,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 7,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 18
}

export interface ResponseContent extends Content {
  readonly id?: string
}

function envelope(content: ResponseContent, status: string) {
  return {
    id: content.id ?? 'resp_fake',
    object: 'response',
    created_at: 1_760_000_000,
    status,
    error: null,
    incomplete_details: null,
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

function outputText(text: string) {
  return { type: 'output_text', text, annotations: [], logprobs: [] }
}

function messageItem(text: string, status: string) {
  return { id: 'msg_fake', type: 'message', role: 'assistant', status, content: text === '' ? [] : [outputText(text)] }
}

function callItem(tool: NonNullable<Content['tool']>, args: string, status: string) {
  return { id: 'fc_fake', type: 'function_call', call_id: 'call_fake', name: tool.name, arguments: args, status }
}

function reasoningItem(thinking: string) {
  return {
    id: 'rs_fake',
    type: 'reasoning',
    summary: [{ type: 'summary_text', text: thinking }],
    encrypted_content: 'gAAAAABfake'
  }
}

/** A Response as `POST /v1/responses` answers it. */
export function response(content: ResponseContent) {
  return {
    ...envelope(content, 'completed'),
    output: [
      ...(content.thinking === undefined ? [] : [reasoningItem(content.thinking)]),
      messageItem(content.text, 'completed'),
      ...(content.tool ? [callItem(content.tool, JSON.stringify(content.tool.arguments), 'completed')] : [])
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
    const item = reasoningItem(content.thinking)
    add('response.output_item.added', { output_index: index, item: { ...item, summary: [] } })
    add('response.output_item.done', { output_index: index, item })
    index += 1
  }
  addMessage(add, index, content.text)
  if (content.tool) addCall(add, index + 1, content.tool)
  add('response.completed', { response: response(content) })
  return events.map(named)
}

type Add = (type: string, fields: object) => void

function addMessage(add: Add, index: number, text: string): void {
  const at = { output_index: index, item_id: 'msg_fake', content_index: 0 }
  add('response.output_item.added', { output_index: index, item: messageItem('', 'in_progress') })
  add('response.content_part.added', { ...at, part: outputText('') })
  for (const delta of pieces(text)) add('response.output_text.delta', { ...at, delta, logprobs: [] })
  add('response.output_text.done', { ...at, text, logprobs: [] })
  add('response.content_part.done', { ...at, part: outputText(text) })
  add('response.output_item.done', { output_index: index, item: messageItem(text, 'completed') })
}

function addCall(add: Add, index: number, tool: NonNullable<Content['tool']>): void {
  const at = { output_index: index, item_id: 'fc_fake' }
  const args = JSON.stringify(tool.arguments)
  add('response.output_item.added', { output_index: index, item: callItem(tool, '', 'in_progress') })
  for (const delta of pieces(args)) add('response.function_call_arguments.delta', { ...at, delta })
  add('response.function_call_arguments.done', { ...at, name: tool.name, arguments: args })
  add('response.output_item.done', { output_index: index, item: callItem(tool, args, 'completed') })
}
