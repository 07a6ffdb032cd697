import { z } from 'zod'
import { refuseSampling, refuseVerbosity } from './openai-models'
import { base64, check, list } from './strictness'

/** What Chat Completions refuses with 400: https://platform.openai.com/docs/api-reference/chat/create */

const text = z.strictObject({ type: z.literal('text'), text: z.string().min(1) })
const image = z.strictObject({
  type: z.literal('image_url'),
  image_url: z.strictObject({
    url: z.string().regex(/^(?:https?:\/\/|data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=-]+$)/),
    detail: z.enum(['low', 'high', 'auto']).optional()
  })
})
const file = z.strictObject({
  type: z.literal('file'),
  file: z.strictObject({
    filename: z.string().min(1),
    file_data: z.string().regex(/^data:[\w./+-]+;base64,[\w+/=-]+$/)
  })
})
const audio = z.strictObject({
  type: z.literal('input_audio'),
  input_audio: z.strictObject({ data: base64, format: z.enum(['wav', 'mp3']) })
})
const texts = z.union([z.string(), list(text)])

/** "string too long. Expected a string with maximum length 40" */
const callId = z.string().min(1).max(40)
const call = z.union([
  z.strictObject({
    id: callId,
    type: z.literal('function'),
    function: z.strictObject({ name: z.string().regex(/^[\w-]{1,64}$/), arguments: z.string() })
  }),
  z.strictObject({
    id: callId,
    type: z.literal('custom'),
    custom: z.strictObject({ name: z.string().regex(/^[\w-]{1,64}$/), input: z.string() })
  })
])

const message = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('system'), content: texts, name: z.string().optional() }),
  z.strictObject({ role: z.literal('developer'), content: texts, name: z.string().optional() }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([z.string(), list(z.union([text, image, file, audio]))]),
    name: z.string().optional()
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: z.union([texts, z.null()]).optional(),
    refusal: z.string().nullish(),
    tool_calls: list(call).optional(),
    // Other vendors' own (quirks.ts, `reasoningField`).
    reasoning_content: z.string().optional()
  }),
  z.strictObject({ role: z.literal('tool'), tool_call_id: callId, content: texts })
])
type Message = z.infer<typeof message>

const parameters = z
  .looseObject({ type: z.literal('object'), properties: z.looseObject({}) })
  .refine(
    (schema) => ['anyOf', 'oneOf', 'allOf', 'enum', 'not'].every((word) => !(word in schema)),
    "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level"
  )
const tool = z.union([
  z.strictObject({
    type: z.literal('function'),
    function: z.strictObject({
      name: z.string().regex(/^[\w-]{1,64}$/),
      description: z.string().optional(),
      parameters: parameters.optional(),
      strict: z.boolean().nullish()
    })
  }),
  z.strictObject({ type: z.literal('custom'), custom: z.looseObject({ name: z.string() }) })
])

const body = z.strictObject({
  model: z.string().min(1),
  messages: list(message),
  stream: z.boolean().nullish(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).nullish(),
  tools: list(tool).optional(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string() }) })
    ])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_tokens: z.int().min(1).nullish(),
  max_completion_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop: z.union([z.string(), z.array(z.string().min(1)).max(4)]).nullish(),
  seed: z.int().nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  logit_bias: z.looseObject({}).nullish(),
  logprobs: z.boolean().nullish(),
  n: z.int().nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
  response_format: z
    .union([
      z.strictObject({ type: z.enum(['text', 'json_object']) }),
      z.strictObject({
        type: z.literal('json_schema'),
        json_schema: z.strictObject({
          name: z.string().regex(/^[\w-]{1,64}$/),
          description: z.string().optional(),
          schema: z.looseObject({}),
          strict: z.boolean().nullish()
        })
      })
    ])
    .optional(),
  verbosity: z.enum(['low', 'medium', 'high']).optional(),
  user: z.string().max(64).optional(),
  safety_identifier: z.string().max(64).optional(),
  prompt_cache_key: z.string().max(64).optional(),
  service_tier: z.enum(['auto', 'default', 'flex', 'priority']).optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  store: z.boolean().nullish(),
  web_search_options: z.looseObject({}).optional()
})

export function refuseChat(json: unknown): void {
  const request = check(body, json)
  const { messages, tools, tool_choice, parallel_tool_calls, stream, stream_options } = request
  refuseByModel(request)
  if (stream !== true && stream_options)
    throw new Error("The 'stream_options' parameter is only allowed when 'stream' is enabled.")
  if (tools === undefined && tool_choice !== undefined)
    throw new Error("'tool_choice' is only allowed when 'tools' are specified.")
  if (tools === undefined && parallel_tool_calls !== undefined)
    throw new Error("'parallel_tool_calls' is only allowed when 'tools' are specified.")
  refuseOrder(messages)
}

/** OpenAI's reasoning models, and those that don't reason: https://platform.openai.com/docs/guides/reasoning */
function refuseByModel(request: z.infer<typeof body>): void {
  const reasons = /^(?:o\d|gpt-5)/.test(request.model)
  const unsupported = reasons
    ? (['temperature', 'top_p', 'stop', 'frequency_penalty', 'presence_penalty', 'max_tokens'] as const)
    : (['reasoning_effort'] as const)
  for (const name of unsupported) {
    const value = request[name] ?? null
    if (value !== null) throw new Error(`Unsupported parameter: '${name}' is not supported with this model.`)
  }
  if (/^o1-(?:mini|preview)/.test(request.model) && (request.reasoning_effort ?? null) !== null)
    throw new Error("Unsupported parameter: 'reasoning_effort' is not supported with this model.")
  // https://github.com/run-llama/llama_index/issues/20865
  if (/^o\d/.test(request.model) && request.parallel_tool_calls !== undefined)
    throw new Error("Unsupported parameter: 'parallel_tool_calls' is not supported with this model.")
  refuseVerbosity(request.model, request.verbosity)
  refuseSampling(request.model, request)
}

function refuseOrder(messages: readonly Message[]): void {
  let open: string[] = []
  for (const [index, one] of messages.entries()) {
    if (one.role === 'tool') {
      if (!open.includes(one.tool_call_id)) {
        throw new Error(
          `messages.[${index}]: messages with role 'tool' must be a response to a preceding message with 'tool_calls'.`
        )
      }
      open = open.filter((id) => id !== one.tool_call_id)
      continue
    }
    if (open.length > 0)
      throw new Error(`An assistant message with 'tool_calls' must be followed by tool messages: ${open.join(', ')}`)
    if (one.role !== 'assistant') continue
    open = (one.tool_calls ?? []).map(({ id }) => id)
    if (open.length === 0 && (one.content ?? one.refusal ?? null) === null) {
      throw new Error(`Invalid value for 'content' of messages.[${index}]: expected a string, got null.`)
    }
  }
  if (open.length > 0)
    throw new Error(`An assistant message with 'tool_calls' must be followed by tool messages: ${open.join(', ')}`)
}
