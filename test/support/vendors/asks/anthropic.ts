import { given, saidOf, type Ask, type Asking, type AskPart, type AskTurn, type Body, type Source } from './ask'

/** https://platform.claude.com/docs/en/api/messages */
export const messages: Asking = { write, read }

function write(ask: Ask): Body {
  return saidOf({
    max_tokens: ask.maxTokens ?? 8192,
    system: ask.system,
    messages: ask.turns.map(({ role, parts }) => ({ role, content: parts.map(blockOf) })),
    tools: toolsOf(ask),
    tool_choice: choiceOf(ask),
    temperature: ask.temperature,
    top_p: ask.topP,
    top_k: ask.topK,
    stop_sequences: ask.stop,
    thinking: given(ask.thinking, (budget) => ({ type: 'enabled', budget_tokens: budget })),
    output_config: given(ask.schema, (schema) => ({ format: { type: 'json_schema', schema } })),
    metadata: given(ask.userId, (id) => ({ user_id: id }))
  })
}

const toolsOf = ({ tools = [], webSearch }: Ask): readonly object[] => [
  ...tools.map(({ name, description, schema }) => ({ name, description, input_schema: schema })),
  ...(webSearch ? [{ type: 'web_search_20250305', name: 'web_search' }] : [])
]

function choiceOf({ choice, serial }: Ask): object | undefined {
  const asked = choice ?? (serial && 'auto')
  if (asked === undefined) return undefined
  const parallel = serial && { disable_parallel_tool_use: true }
  return typeof asked === 'string' ? { type: CHOICES[asked], ...parallel } : { type: 'tool', ...asked, ...parallel }
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
  const { tools = [] } = asked
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
    ...readChoice(asked.tool_choice),
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

/** Calls one at a time are asked for with a choice; `auto` is then no wish of its own. */
function readChoice(choice: Messages['tool_choice']): Pick<Ask, 'choice' | 'serial'> {
  const serial = choice?.disable_parallel_tool_use === true ? { serial: true as const } : {}
  if (choice?.type === 'tool') return { choice: { name: choice.name }, ...serial }
  const kind = (['auto', 'required', 'none'] as const).find((one) => CHOICES[one] === choice?.type)
  return kind === undefined || (kind === 'auto' && 'serial' in serial) ? serial : { choice: kind, ...serial }
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
