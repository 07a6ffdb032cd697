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

/** https://platform.openai.com/docs/api-reference/chat/create */
export const chat: Asking = { write, read }

function write(ask: Ask): Body {
  return saidOf({
    messages: [
      ...(ask.system === undefined ? [] : [{ role: 'system', content: ask.system }]),
      ...ask.turns.flatMap(messagesOf)
    ],
    tools: ask.tools?.map(({ name, description, schema }) => ({
      type: 'function',
      function: { name, description, parameters: schema }
    })),
    web_search_options: ask.webSearch && {},
    tool_choice: typeof ask.choice === 'object' ? { type: 'function', function: ask.choice } : ask.choice,
    parallel_tool_calls: ask.serial && false,
    max_completion_tokens: ask.maxTokens,
    temperature: ask.temperature,
    top_p: ask.topP,
    seed: ask.seed,
    presence_penalty: ask.presencePenalty,
    stop: ask.stop,
    reasoning_effort: ask.thinking,
    response_format: given(ask.schema, (schema) => ({
      type: 'json_schema',
      json_schema: { name: 'answer', schema, strict: true }
    })),
    verbosity: ask.verbosity,
    user: ask.userId
  })
}

function messagesOf({ role, parts }: AskTurn): readonly object[] {
  const calls = parts.flatMap((part) => ('call' in part ? [part.call] : []))
  const results = parts.flatMap((part) => ('result' in part ? [part.result] : []))
  const content = parts.flatMap((part) => ('call' in part || 'result' in part ? [] : [contentOf(part)]))
  const said = role === 'assistant' ? (content as { text: string }[]).map(({ text }) => text).join('') : content
  return [
    ...results.map(({ id, text }) => ({ role: 'tool', tool_call_id: id, content: text })),
    ...(content.length === 0 && calls.length === 0
      ? []
      : [
          saidOf({
            role,
            content: content.length === 0 ? null : said,
            tool_calls: calls.map(({ id, name, arguments: args }) => ({
              id,
              type: 'function',
              function: { name, arguments: JSON.stringify(args) }
            }))
          })
        ])
  ]
}

function contentOf(part: Exclude<AskPart, { call: unknown } | { result: unknown }>): object {
  if ('text' in part) return { type: 'text', text: part.text }
  if ('image' in part) return { type: 'image_url', image_url: { url: dataUrl('image/png', part.image) } }
  return { type: 'file', file: { filename: 'document.pdf', file_data: dataUrl('application/pdf', part.pdf) } }
}

interface Part {
  readonly type: string
  readonly text: string
  readonly image_url: { readonly url: string }
  readonly file: { readonly file_data: string }
}
interface Message {
  readonly role: string
  readonly content?: string | readonly Part[] | null
  readonly tool_call_id: string
  readonly tool_calls?: readonly {
    readonly id: string
    readonly function: { readonly name: string; readonly arguments: string }
  }[]
}
interface Chat {
  readonly messages: readonly Message[]
  readonly tools?: readonly {
    readonly function: { readonly name: string; readonly description: string; readonly parameters: object }
  }[]
  readonly tool_choice?: 'auto' | 'none' | 'required' | { readonly function: { readonly name: string } }
  readonly parallel_tool_calls?: boolean
  readonly web_search_options?: object
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
  readonly temperature?: number
  readonly top_p?: number
  readonly seed?: number
  readonly presence_penalty?: number
  readonly stop?: readonly string[]
  readonly reasoning_effort?: string
  readonly response_format?: { readonly json_schema?: { readonly schema: object } }
  readonly verbosity?: string
  readonly user?: string
}

const partsOf = (content: Message['content']): readonly AskPart[] =>
  typeof content === 'string' ? [{ text: content }] : (content ?? []).map(partOf)

function partOf({ type, text, image_url: image, file }: Part): AskPart {
  if (type === 'image_url') return { image: sourceOf(image.url) }
  return type === 'file' ? { pdf: sourceOf(file.file_data) } : { text }
}

const textIn = (content: Message['content']): string =>
  partsOf(content)
    .map((part) => ('text' in part ? part.text : ''))
    .join('')

function read(body: Body): Ask {
  const asked = body as unknown as Chat
  const system = asked.messages.filter(isSystem).map(({ content }) => textIn(content))
  return saidOf({
    system: system.length === 0 ? undefined : system.join('\n\n'),
    turns: readTurns(asked.messages.filter((message) => !isSystem(message))),
    tools: asked.tools?.map(({ function: { name, description, parameters } }) => ({
      name,
      description,
      schema: parameters
    })),
    webSearch: asked.web_search_options && true,
    choice: typeof asked.tool_choice === 'object' ? asked.tool_choice.function : asked.tool_choice,
    serial: asked.parallel_tool_calls === false || undefined,
    maxTokens: asked.max_completion_tokens ?? asked.max_tokens,
    temperature: asked.temperature,
    topP: asked.top_p,
    seed: asked.seed,
    presencePenalty: asked.presence_penalty,
    stop: asked.stop,
    thinking: asked.reasoning_effort,
    schema: asked.response_format?.json_schema?.schema,
    verbosity: asked.verbosity,
    userId: asked.user
  }) as Ask
}

const isSystem = ({ role }: Message): boolean => role === 'system' || role === 'developer'

function readTurns(messages: readonly Message[]): readonly AskTurn[] {
  const names = new Map<string, string>()
  return merged(
    messages.map((message) => ({
      role: message.role === 'assistant' ? 'assistant' : 'user',
      parts: readMessage(message, names)
    }))
  )
}

function readMessage(message: Message, names: Map<string, string>): readonly AskPart[] {
  if (message.role === 'tool') {
    const id = message.tool_call_id
    return [{ result: { id, name: names.get(id) ?? '', text: textIn(message.content) } }]
  }
  const calls = (message.tool_calls ?? []).map(({ id, function: { name, arguments: args } }) => {
    names.set(id, name)
    return { call: { id, name, arguments: JSON.parse(args) as unknown } }
  })
  return [...partsOf(message.content), ...calls]
}
