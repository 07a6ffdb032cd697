import { z } from 'zod'
import { ANTHROPIC_SIGNATURE, anthropicSignature } from '../anthropic'
import { base64, check, foreignText, list, refuse } from './strictness'

/** What the Messages API refuses with 400 (version 2023-06-01): https://platform.claude.com/docs/en/api/messages */

const cacheControl = z.strictObject({ type: z.literal('ephemeral'), ttl: z.enum(['5m', '1h']).optional() })
const marked = { cache_control: cacheControl.nullish() }
const words = z.string().refine((text) => text.trim() !== '', 'text content blocks must contain non-whitespace text')

const citation = z.looseObject({ type: z.string(), encrypted_index: foreignText.optional() })
const text = z.strictObject({
  type: z.literal('text'),
  text: words,
  citations: z.array(citation).nullish(),
  ...marked
})
const url = z.strictObject({ type: z.literal('url'), url: z.url() })
const image = z.strictObject({
  type: z.literal('image'),
  source: z.union([
    z.strictObject({
      type: z.literal('base64'),
      media_type: z.enum(['image/jpeg', 'image/png', 'image/gif', 'image/webp']),
      data: base64
    }),
    url
  ]),
  ...marked
})
const document = z.strictObject({
  type: z.literal('document'),
  source: z.union([
    z.strictObject({ type: z.literal('base64'), media_type: z.literal('application/pdf'), data: base64 }),
    z.strictObject({ type: z.literal('text'), media_type: z.literal('text/plain'), data: z.string() }),
    url
  ]),
  title: z.string().nullish(),
  context: z.string().nullish(),
  citations: z.strictObject({ enabled: z.boolean() }).nullish(),
  ...marked
})
const id = z.string().regex(/^[\w-]+$/)
const toolUse = z.strictObject({
  type: z.literal('tool_use'),
  id,
  name: z.string().min(1),
  input: z.record(z.string(), z.unknown()),
  caller: z.unknown().optional(),
  ...marked
})
const toolResult = z.strictObject({
  type: z.literal('tool_result'),
  tool_use_id: id,
  content: z.union([z.string(), list(z.union([text, image, document]))]).optional(),
  is_error: z.boolean().optional(),
  ...marked
})
const thinking = z
  .strictObject({ type: z.literal('thinking'), thinking: z.string(), signature: foreignText })
  .refine(
    ({ thinking: text, signature }) =>
      !signature.startsWith(ANTHROPIC_SIGNATURE) || signature === anthropicSignature(text),
    '`thinking` blocks in the latest assistant message cannot be modified.'
  )
const redacted = z.strictObject({ type: z.literal('redacted_thinking'), data: foreignText })

const message = z.union([
  z.strictObject({
    role: z.literal('user'),
    content: z.union([words, list(z.union([text, image, document, toolResult]))])
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.union([words, list(z.union([text, toolUse, thinking, redacted]))])
  })
])
type Message = z.infer<typeof message>

const schemaOfObject = z
  .looseObject({ type: z.literal('object') })
  .refine(
    (schema) => !('anyOf' in schema || 'oneOf' in schema || 'allOf' in schema),
    'input_schema does not support oneOf, allOf, or anyOf at the top level'
  )
const tool = z.union([
  z.strictObject({
    type: z.literal('custom').optional(),
    name: z.string().regex(/^[\w-]{1,128}$/),
    description: z.string().optional(),
    input_schema: schemaOfObject,
    strict: z.boolean().optional(),
    ...marked
  }),
  z.looseObject({
    type: z.enum(['web_search_20250305', 'web_fetch_20250910', 'code_execution_20250825']),
    name: z.enum(['web_search', 'web_fetch', 'code_execution'])
  })
])

const body = z.strictObject({
  model: z.string().min(1),
  max_tokens: z.int().min(1),
  messages: list(message),
  system: z.union([z.string(), z.array(text)]).optional(),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.int().min(0).optional(),
  stop_sequences: z.array(words).optional(),
  tools: z.array(tool).optional(),
  tool_choice: z
    .union([
      z.strictObject({ type: z.enum(['auto', 'any']), disable_parallel_tool_use: z.boolean().optional() }),
      z.strictObject({ type: z.literal('tool'), name: z.string(), disable_parallel_tool_use: z.boolean().optional() }),
      z.strictObject({ type: z.literal('none') })
    ])
    .optional(),
  metadata: z.strictObject({ user_id: z.string().max(256).nullish() }).optional(),
  thinking: z
    .union([
      z.strictObject({ type: z.literal('enabled'), budget_tokens: z.int().min(1024), display: z.string().optional() }),
      z.strictObject({ type: z.enum(['disabled', 'adaptive']), display: z.string().optional() })
    ])
    .optional(),
  output_config: z.strictObject({ effort: z.string().optional(), format: z.looseObject({}).optional() }).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional()
})
type Body = z.infer<typeof body>

export function refuseMessages(json: unknown): void {
  const request = check(body, json)
  refuseSampling(request)
  refuseChoice(request)
  refuseOrder(request.messages)
  const isHeld = request.output_config?.format !== undefined
  refuse(isHeld && request.messages.at(-1)?.role === 'assistant', 'Prefill is not compatible with structured outputs.')
  refuseMarks(json)
  refuseThinking(request)
}

/** From Opus 4.7 on: https://platform.claude.com/docs/en/models/sonnet-5-5/migration-guide */
const TAKES_NO_SAMPLING = /claude-opus-4-[7-9]|claude-[a-z]+-[5-9]/

function refuseSampling({ model, thinking: wish, temperature, top_p, top_k, max_tokens, tool_choice }: Body): void {
  if (TAKES_NO_SAMPLING.test(model)) {
    refuse(
      [temperature, top_p, top_k].some((value) => value !== undefined),
      'sampling is not supported by this model.'
    )
    refuse(wish?.type === 'enabled', '`thinking.type`: enabled is not supported by this model, use adaptive.')
  }
  refuse(model.startsWith('claude-3-5') && wish !== undefined, 'This model does not support thinking.')
  refuse(
    temperature !== undefined && top_p !== undefined,
    '`temperature` and `top_p` cannot both be specified for this model.'
  )
  if (wish?.type !== 'enabled') return
  refuse(wish.budget_tokens >= max_tokens, '`max_tokens` must be greater than `thinking.budget_tokens`.')
  refuse((temperature ?? 1) !== 1, '`temperature` may only be set to 1 when thinking is enabled.')
  refuse(top_k !== undefined, '`top_k` must be unset when thinking is enabled.')
  refuse((top_p ?? 1) < 0.95, '`top_p` must be greater than or equal to 0.95 or unset when thinking is enabled.')
  const forced = tool_choice?.type === 'any' || tool_choice?.type === 'tool'
  refuse(forced, 'Thinking may not be enabled when tool_choice forces tool use.')
}

function refuseChoice({ tools = [], tool_choice, messages }: Body): void {
  const names = tools.map(({ name }) => name)
  refuse(tool_choice !== undefined && tools.length === 0, 'tool_choice may only be specified while providing tools.')
  refuse(new Set(names).size < names.length, 'tools: Tool names must be unique.')
  if (tool_choice?.type === 'tool') refuse(!names.includes(tool_choice.name), 'Tool not found in provided tools')
  const hasCalls = messages.some(({ content }) => blocksOf(content).some(({ type }) => type === 'tool_use'))
  refuse(hasCalls && tools.length === 0, 'Requests which include `tool_use` or `tool_result` blocks must define tools')
}

type Block = Exclude<Message['content'], string>[number]

const blocksOf = (content: Message['content']): readonly Block[] => (typeof content === 'string' ? [] : content)

const resultsIn = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap((block) => (block.type === 'tool_result' ? [block.tool_use_id] : []))

const callsIn = (blocks: readonly Block[]): readonly string[] =>
  blocks.flatMap((block) => (block.type === 'tool_use' ? [block.id] : []))

function refuseOrder(messages: readonly Message[]): void {
  refuse(messages[0]?.role !== 'user', 'messages: first message must use the "user" role')
  let open: readonly string[] = []
  for (const { role, content } of messages) {
    const blocks = blocksOf(content)
    refuseResults(blocks, open)
    open = role === 'assistant' ? callsIn(blocks) : []
    const endsThinking = role === 'assistant' && blocks.at(-1)?.type.endsWith('thinking') === true
    refuse(endsThinking, 'The final block in an assistant message cannot be thinking')
  }
  refuse(open.length > 0, 'tool_use ids were found without tool_result blocks immediately after')
}

function refuseResults(blocks: readonly Block[], open: readonly string[]): void {
  const results = resultsIn(blocks)
  refuse(
    blocks.slice(results.length).some(({ type }) => type === 'tool_result'),
    'tool_result blocks must come first'
  )
  for (const result of results) {
    refuse(!open.includes(result), `unexpected tool_use_id in tool_result blocks: ${result}`)
  }
  const missing = open.filter((call) => !results.includes(call))
  refuse(
    missing.length > 0,
    `tool_use ids were found without tool_result blocks immediately after: ${missing.join(', ')}`
  )
}

function refuseMarks(json: unknown): void {
  const marks = JSON.stringify(json).match(/"cache_control":\{/g) ?? []
  refuse(marks.length > 4, `A maximum of 4 blocks with cache_control may be provided. Found ${marks.length}.`)
}

/** In a tool loop manual thinking wants the turn to begin with it. */
function refuseThinking({ thinking: wish, messages }: Body): void {
  const isLoop = resultsIn(blocksOf(messages.at(-1)?.content ?? '')).length > 0
  if (wish?.type !== 'enabled' || !isLoop) return
  const asked = messages.findLastIndex(
    ({ role, content }) => role === 'user' && resultsIn(blocksOf(content)).length === 0
  )
  const first = blocksOf(messages[asked + 1]?.content ?? '')[0]?.type ?? 'text'
  refuse(!first.endsWith('thinking'), `Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\``)
}
