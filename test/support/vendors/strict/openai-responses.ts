import { z } from 'zod'
import { refuseVerbosity } from './openai-models'
import { check, foreignText, list } from './strictness'

/** What the Responses API refuses with 400: https://platform.openai.com/docs/api-reference/responses/create */

const inputText = z.strictObject({ type: z.literal('input_text'), text: z.string() })
const image = z.strictObject({
  type: z.literal('input_image'),
  image_url: z.string().regex(/^(?:https?:\/\/|data:image\/(?:png|jpeg|gif|webp);base64,[\w+/=-]+$)/),
  detail: z.enum(['low', 'high', 'auto', 'original']).optional()
})
const file = z.union([
  z.strictObject({
    type: z.literal('input_file'),
    filename: z.string().min(1),
    file_data: z.string().regex(/^data:[\w./+-]+;base64,[\w+/=-]+$/)
  }),
  z.strictObject({ type: z.literal('input_file'), file_url: z.url() })
])
const input = z.union([inputText, image, file])
const id = (prefix: string) => z.string().max(64).startsWith(`${prefix}_`).optional()
const status = z.enum(['in_progress', 'completed', 'incomplete']).optional()
const callId = z.string().min(1).max(64)
const name = z.string().regex(/^[\w-]{1,64}$/)

const said = z.union([
  z.strictObject({
    type: z.literal('output_text'),
    text: z.string(),
    annotations: z.array(z.looseObject({ type: z.string() })).optional(),
    logprobs: z.array(z.unknown()).optional()
  }),
  z.strictObject({ type: z.literal('refusal'), refusal: z.string() })
])

const item = z.union([
  z.strictObject({
    type: z.literal('message').optional(),
    role: z.enum(['user', 'system', 'developer']),
    content: z.union([z.string(), list(input)]),
    id: id('msg')
  }),
  z.strictObject({
    type: z.literal('message').optional(),
    role: z.literal('assistant'),
    content: z.union([z.string(), list(said)]),
    id: id('msg'),
    phase: z.enum(['commentary', 'final_answer']).nullish(),
    status
  }),
  z.strictObject({
    type: z.literal('function_call'),
    id: id('fc'),
    call_id: callId,
    name,
    namespace: z.string().optional(),
    arguments: z.string(),
    status
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    id: z.string().optional(),
    call_id: callId,
    output: z.union([z.string(), list(input)]),
    status
  }),
  z.strictObject({
    type: z.literal('custom_tool_call'),
    id: id('ctc'),
    call_id: callId,
    name: z.string(),
    input: z.string()
  }),
  z.strictObject({
    type: z.literal('custom_tool_call_output'),
    call_id: callId,
    output: z.union([z.string(), list(input)])
  }),
  z.strictObject({
    type: z.literal('reasoning'),
    id: id('rs'),
    summary: z.array(z.strictObject({ type: z.literal('summary_text'), text: z.string() })),
    content: z.array(z.unknown()).nullish(),
    // Without it the item would be looked for in a store that does not have it.
    encrypted_content: foreignText,
    status
  }),
  z.looseObject({
    type: z.enum(['local_shell_call', 'local_shell_call_output', 'additional_tools', 'web_search_call'])
  })
])
type Item = z.infer<typeof item>

const parameters = z
  .looseObject({ type: z.literal('object'), properties: z.looseObject({}) })
  .refine(
    (schema) => ['anyOf', 'oneOf', 'allOf', 'enum', 'not'].every((word) => !(word in schema)),
    "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level"
  )
const tool = z.union([
  z.strictObject({
    type: z.literal('function'),
    name,
    description: z.string().nullish(),
    parameters,
    strict: z.boolean().nullish()
  }),
  z.looseObject({
    type: z.enum(['web_search', 'code_interpreter', 'custom', 'namespace', 'local_shell', 'tool_search', 'apply_patch'])
  })
])

const body = z.strictObject({
  model: z.string().min(1),
  input: z.union([z.string().min(1), list(item)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  include: z.array(z.enum(['reasoning.encrypted_content', 'web_search_call.action.sources'])).nullish(),
  tools: z.array(tool).optional(),
  tool_choice: z
    .union([
      z.enum(['auto', 'none', 'required']),
      z.strictObject({ type: z.literal('function'), name: z.string() }),
      z.looseObject({ type: z.enum(['custom', 'allowed_tools']) })
    ])
    .optional(),
  parallel_tool_calls: z.boolean().nullish(),
  max_output_tokens: z.int().min(16).nullish(),
  reasoning: z
    .strictObject({
      effort: z.enum(['minimal', 'low', 'medium', 'high']).nullish(),
      summary: z.enum(['auto', 'concise', 'detailed']).nullish()
    })
    .nullish(),
  text: z
    .strictObject({
      format: z.looseObject({ type: z.string() }).optional(),
      verbosity: z.enum(['low', 'medium', 'high']).nullish()
    })
    .optional(),
  safety_identifier: z.string().max(64).optional(),
  user: z.string().max(64).optional(),
  prompt_cache_key: z.string().max(64).optional(),
  service_tier: z.enum(['auto', 'default', 'flex', 'priority']).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
  previous_response_id: z.string().nullish(),
  // Codex.
  client_metadata: z.unknown().optional()
})

/** For a reasoning model, which takes no sampling. */
export function refuseResponses(json: unknown): void {
  const { input: items, model, text } = check(body, json)
  refuseVerbosity(model, text?.verbosity)
  if (typeof items === 'string') return
  refuseOrder(items)
  refuseLoneReasoning(items)
}

const callIdOf = (one: Item): string => ('call_id' in one && typeof one.call_id === 'string' ? one.call_id : '')

/** Of reasoning, what the model said or called follows. */
function refuseLoneReasoning(items: readonly Item[]): void {
  for (const [index, { type }] of items.entries()) {
    const next = items[index + 1]
    const isMade = next?.type === 'message' ? next.role === 'assistant' : next?.type?.endsWith('_call') === true
    if (type === 'reasoning' && next?.type !== 'reasoning' && !isMade)
      throw new Error("Item of type 'reasoning' was provided without its required following item.")
  }
}

function refuseOrder(items: readonly Item[]): void {
  const isOutput = ({ type }: Item): boolean => type?.endsWith('_call_output') === true
  const isCall = ({ type }: Item): boolean => type === 'function_call' || type === 'custom_tool_call'
  const calls = new Set<string>()
  const outputs = new Set(items.filter(isOutput).map(callIdOf))
  for (const one of items) {
    if (isCall(one)) {
      calls.add(callIdOf(one))
      if (!outputs.has(callIdOf(one))) throw new Error(`No tool output found for function call ${callIdOf(one)}.`)
    } else if (isOutput(one) && one.type !== 'local_shell_call_output' && !calls.has(callIdOf(one))) {
      throw new Error(`No tool call found for function call output with call_id ${callIdOf(one)}.`)
    }
  }
}
