import { saidOf, type Ask, type Asking, type AskPart, type AskTurn, type Body, type Source } from './ask'

/** https://platform.claude.com/docs/en/api/messages */
export const messages: Asking = { write, read }

function write(ask: Ask): Body {
  const budget = typeof ask.thinking === 'number' ? ask.thinking : undefined
  const parallel = ask.serial && { disable_parallel_tool_use: true }
  const choice = ask.choice ?? (ask.serial && 'auto')
  return saidOf({
    max_tokens: ask.maxTokens ?? 8192,
    system: ask.system,
    messages: ask.turns.map(({ role, parts }) => ({ role, content: parts.map(blockOf) })),
    tools: [
      ...(ask.tools ?? []).map(({ name, description, schema }) => ({ name, description, input_schema: schema })),
      ...(ask.webSearch ? [{ type: 'web_search_20250305', name: 'web_search' }] : [])
    ],
    tool_choice: choice && {
      ...(typeof choice === 'string' ? { type: CHOICES[choice] } : { type: 'tool', ...choice }),
      ...parallel
    },
    temperature: ask.temperature,
    top_p: ask.topP,
    top_k: ask.topK,
    stop_sequences: ask.stop,
    thinking: budget === undefined ? undefined : { type: 'enabled', budget_tokens: budget },
    output_config: ask.schema && { format: { type: 'json_schema', schema: ask.schema } },
    metadata: ask.userId === undefined ? undefined : { user_id: ask.userId }
  })
}

const CHOICES = { auto: 'auto', required: 'any', none: 'none' } as const

const sourceBlock = (source: Source, type: string) =>
  'url' in source ? { type: 'url', url: source.url } : { type: 'base64', media_type: type, data: source.base64 }

function blockOf(part: AskPart): object {
  if ('text' in part) return { type: 'text', text: part.text }
  if ('image' in part) return { type: 'image', source: sourceBlock(part.image, 'image/png') }
  if ('pdf' in part) return { type: 'document', source: sourceBlock(part.pdf, 'application/pdf') }
  if ('call' in part) return { type: 'tool_use', id: part.call.id, name: part.call.name, input: part.call.arguments }
  const { id, text, image, failed } = part.result
  const content = image === undefined ? text : [{ type: 'text', text }, blockOf({ image })]
  return { type: 'tool_result', tool_use_id: id, content, ...(failed && { is_error: true }) }
}

interface Block {
  readonly type: string
  readonly text: string
  readonly source: { readonly url?: string; readonly data: string }
  readonly id: string
  readonly name: string
  readonly input: unknown
  readonly tool_use_id: string
  readonly content?: string | readonly Block[]
  readonly is_error?: boolean
}
interface Messages {
  readonly system?: string | readonly Block[]
  readonly messages: readonly { readonly role: AskTurn['role']; readonly content: string | readonly Block[] }[]
  readonly tools?: readonly {
    readonly type?: string
    readonly name: string
    readonly description: string
    readonly input_schema: object
  }[]
  readonly tool_choice?: { readonly type: string; readonly name: string; readonly disable_parallel_tool_use?: boolean }
  readonly thinking?: { readonly budget_tokens?: number }
  readonly output_config?: { readonly format?: { readonly schema: object } }
  readonly metadata?: { readonly user_id: string }
  readonly max_tokens: number
  readonly temperature?: number
  readonly top_p?: number
  readonly top_k?: number
  readonly stop_sequences?: readonly string[]
}

const textIn = (content: string | readonly Block[] | undefined): string | undefined =>
  typeof content === 'string' ? content : content?.map(({ text }) => text).join('\n\n')

function read(body: Body): Ask {
  const asked = body as unknown as Messages
  const names = new Map<string, string>()
  const { tools = [], tool_choice: choice } = asked
  const kind = (['auto', 'required', 'none'] as const).find((one) => CHOICES[one] === choice?.type)
  const serial = choice?.disable_parallel_tool_use
  return saidOf({
    system: textIn(asked.system),
    turns: asked.messages.map(({ role, content }) => ({
      role,
      parts: typeof content === 'string' ? [{ text: content }] : content.map((block) => partOf(block, names))
    })),
    tools: tools.flatMap(({ type, name, description, input_schema: schema }) =>
      type === undefined ? [{ name, description, schema }] : []
    ),
    webSearch: tools.some(({ type }) => type?.startsWith('web_search')) || undefined,
    choice: choice?.type === 'tool' ? { name: choice.name } : kind === 'auto' && serial ? undefined : kind,
    serial: serial === true || undefined,
    maxTokens: asked.max_tokens,
    temperature: asked.temperature,
    topP: asked.top_p,
    topK: asked.top_k,
    stop: asked.stop_sequences,
    thinking: asked.thinking?.budget_tokens,
    schema: asked.output_config?.format?.schema,
    userId: asked.metadata?.user_id
  }) as Ask
}

function partOf(block: Block, names: Map<string, string>): AskPart {
  const source = (): Source =>
    block.source.url === undefined ? { base64: block.source.data } : { url: block.source.url }
  switch (block.type) {
    case 'image':
      return { image: source() }
    case 'document':
      return { pdf: source() }
    case 'tool_use':
      names.set(block.id, block.name)
      return { call: { id: block.id, name: block.name, arguments: block.input } }
    case 'tool_result': {
      const content = typeof block.content === 'string' ? [] : (block.content ?? [])
      const image = content.find(({ type }) => type === 'image')
      const text = typeof block.content === 'string' ? block.content : content.map((one) => one.text).join('')
      return {
        result: saidOf({
          id: block.tool_use_id,
          name: names.get(block.tool_use_id) ?? '',
          text,
          image: image && { base64: image.source.data },
          failed: block.is_error || undefined
        }) as never
      }
    }
    default:
      return { text: block.text }
  }
}
