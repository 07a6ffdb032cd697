import {
  dataUrl,
  given,
  merged,
  saidOf,
  sourceOf,
  type Ask,
  type Asking,
  type AskPart,
  type AskTurn,
  type Body
} from './ask'

/** https://platform.openai.com/docs/api-reference/responses/create */
export const responses: Asking = { write, read }

function write(ask: Ask): Body {
  return saidOf({
    instructions: ask.system,
    input: ask.turns.flatMap(itemsOf),
    store: false,
    tools: [
      ...(ask.tools ?? []).map(({ name, description, schema }) => ({
        type: 'function',
        name,
        description,
        parameters: schema,
        strict: false
      })),
      ...(ask.webSearch ? [{ type: 'web_search' }] : [])
    ],
    tool_choice: typeof ask.choice === 'object' ? { type: 'function', ...ask.choice } : ask.choice,
    parallel_tool_calls: ask.serial && false,
    max_output_tokens: ask.maxTokens,
    temperature: ask.temperature,
    top_p: ask.topP,
    reasoning: given(ask.thinking, (effort) => ({ effort, summary: 'auto' })),
    text: ask.schema || ask.verbosity ? textOf(ask) : undefined,
    safety_identifier: ask.userId
  })
}

const textOf = ({ schema, verbosity }: Ask): object =>
  saidOf({
    format: given(schema, () => ({ type: 'json_schema', name: 'answer', schema, strict: true })),
    verbosity
  })

function itemsOf({ role, parts }: AskTurn): readonly object[] {
  const content = parts.flatMap((part) => ('call' in part || 'result' in part ? [] : [contentOf(part, role)]))
  return [
    ...parts.flatMap((part) => ('result' in part ? [outputOf(part.result)] : [])),
    ...(content.length === 0 ? [] : [{ type: 'message', role, content }]),
    ...parts.flatMap((part) =>
      'call' in part
        ? [
            {
              type: 'function_call',
              call_id: part.call.id,
              name: part.call.name,
              arguments: JSON.stringify(part.call.arguments)
            }
          ]
        : []
    )
  ]
}

function contentOf(part: Exclude<AskPart, { call: unknown } | { result: unknown }>, role: AskTurn['role']): object {
  if ('text' in part) {
    return role === 'user'
      ? { type: 'input_text', text: part.text }
      : { type: 'output_text', text: part.text, annotations: [] }
  }
  if ('image' in part) return { type: 'input_image', detail: 'auto', image_url: dataUrl('image/png', part.image) }
  if ('url' in part.pdf) return { type: 'input_file', file_url: part.pdf.url }
  return { type: 'input_file', filename: 'document.pdf', file_data: dataUrl('application/pdf', part.pdf) }
}

function outputOf({ id, text, image }: Extract<AskPart, { result: unknown }>['result']): object {
  const output = image === undefined ? text : [{ type: 'input_text', text }, contentOf({ image }, 'user')]
  return { type: 'function_call_output', call_id: id, output }
}

interface Part {
  readonly type: string
  readonly text: string
  readonly image_url: string
  readonly file_data?: string
  readonly file_url: string
}
interface Item {
  readonly type?: string
  readonly role: string
  readonly content: string | readonly Part[]
  readonly call_id: string
  readonly name: string
  readonly arguments: string
  readonly output: string | readonly Part[]
}
interface Responses {
  readonly instructions?: string
  readonly input: readonly Item[]
  readonly tools?: readonly {
    readonly type: string
    readonly name: string
    readonly description: string
    readonly parameters: object
  }[]
  readonly tool_choice?: 'auto' | 'none' | 'required' | { readonly name: string }
  readonly parallel_tool_calls?: boolean
  readonly max_output_tokens?: number
  readonly temperature?: number
  readonly top_p?: number
  readonly reasoning?: { readonly effort?: string }
  readonly text?: { readonly format?: { readonly schema: object }; readonly verbosity?: string }
  readonly safety_identifier?: string
}

function partOf({ type, text, image_url: image, file_data: data, file_url: url }: Part): AskPart {
  if (type === 'input_image') return { image: sourceOf(image) }
  return type === 'input_file' ? { pdf: sourceOf(data ?? url) } : { text }
}

const partsOf = (content: string | readonly Part[]): readonly AskPart[] =>
  typeof content === 'string' ? [{ text: content }] : content.map(partOf)

function read(body: Body): Ask {
  const asked = body as unknown as Responses
  const { tools = [], tool_choice: choice, text = {} } = asked
  return saidOf({
    system: asked.instructions,
    turns: readTurns(asked.input),
    tools: tools.flatMap(({ type, name, description, parameters }) =>
      type === 'function' ? [{ name, description, schema: parameters }] : []
    ),
    webSearch: tools.some(({ type }) => type === 'web_search') || undefined,
    choice: typeof choice === 'object' ? { name: choice.name } : choice,
    serial: asked.parallel_tool_calls === false || undefined,
    maxTokens: asked.max_output_tokens,
    temperature: asked.temperature,
    topP: asked.top_p,
    thinking: asked.reasoning?.effort,
    schema: text.format?.schema,
    verbosity: text.verbosity,
    userId: asked.safety_identifier
  }) as Ask
}

const isModels = ({ role, type }: Item): boolean =>
  role === 'assistant' || type === 'function_call' || type === 'reasoning'

function readTurns(items: readonly Item[]): readonly AskTurn[] {
  const names = new Map<string, string>()
  return merged(items.map((item) => ({ role: isModels(item) ? 'assistant' : 'user', parts: readItem(item, names) })))
}

function readItem(item: Item, names: Map<string, string>): readonly AskPart[] {
  switch (item.type) {
    case 'function_call':
      names.set(item.call_id, item.name)
      return [{ call: { id: item.call_id, name: item.name, arguments: JSON.parse(item.arguments) as unknown } }]
    case 'function_call_output': {
      const parts = partsOf(item.output)
      const image = parts.find((part) => 'image' in part)
      const text = parts.map((part) => ('text' in part ? part.text : '')).join('')
      return [{ result: { id: item.call_id, name: names.get(item.call_id) ?? '', text, ...image } }]
    }
    case 'reasoning':
      return []
    default:
      return partsOf(item.content)
  }
}
