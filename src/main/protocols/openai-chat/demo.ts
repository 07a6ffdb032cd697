import {
  demoContent,
  demoId,
  demoVector,
  jsonAnswer,
  nowSeconds,
  sseAnswer,
  vectorSize,
  type DemoContent,
  type DemoRequest
} from '../demo-content'
import { listIn, memberOf, numberIn, textIn, textsOf } from '../foreign-json'
import { belowMinimum, missingList, missingParameter } from '../openai-demo'
import type { DemoAnswer, Route } from '../protocol'
import type { CountTokens } from '../token-counter'
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChunkChoice,
  Completion,
  CompletionUsage,
  EmbeddingAnswer,
  ToolCall
} from './wire'

/** The Demo channel's answer to a chat, a completion or an embedding. */
export async function demoAnswer(
  route: Route,
  body: unknown,
  stream: boolean,
  countTokens: CountTokens
): Promise<DemoAnswer> {
  const refused = refusalOf(route, body)
  if (refused !== null) return refused
  const model = textIn(body, 'model') ?? 'demo'
  if (route.operation === 'embed') return jsonAnswer(await embeddings(body, model, countTokens))
  const asksForUsage = memberOf(memberOf(body, 'stream_options'), 'include_usage') === true
  if (route.operation === 'complete') {
    const completion = await completionOf(body, model, countTokens)
    return stream ? sseAnswer(dataLines(completionChunks(completion, asksForUsage))) : jsonAnswer(completion)
  }
  const content = await demoContent(readDemo(body), countTokens)
  const answer = chatOf(content, model)
  return stream ? sseAnswer(dataLines(chatChunks(answer, content, asksForUsage))) : jsonAnswer(answer)
}

/** What the vendor refuses; null when there is nothing. */
function refusalOf(route: Route, body: unknown): DemoAnswer | null {
  if (route.operation === 'embed') return (memberOf(body, 'input') ?? null) === null ? missingParameter('input') : null
  const limits = belowMinimum(body, 'max_tokens', 1) ?? belowMinimum(body, 'max_completion_tokens', 1)
  return limits ?? (route.operation === 'generate' ? missingList(body, 'messages') : null)
}

const limitOf = (body: unknown): number | null =>
  numberIn(body, 'max_completion_tokens') ?? numberIn(body, 'max_tokens')

const dataLines = (chunks: readonly unknown[]): readonly string[] => [
  ...chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`),
  'data: [DONE]\n\n'
]

function readDemo(body: unknown): DemoRequest {
  const messages = listIn(body, 'messages')
  const tools = listIn(body, 'tools')
  const lastUser = messages.findLast((message) => textIn(message, 'role') === 'user')
  const choice = memberOf(body, 'tool_choice')
  const named = textIn(memberOf(choice, 'function'), 'name')
  const functions = tools.map((tool) => memberOf(tool, 'function'))
  const format = memberOf(body, 'response_format')
  const formatType = textIn(format, 'type')
  return {
    prompt: [...messages.flatMap(textsInMessage), ...tools.map((tool) => JSON.stringify(tool))],
    asked: textsOf(memberOf(lastUser, 'content')).at(-1) ?? '',
    tool:
      named === null
        ? null
        : {
            name: named,
            schema: memberOf(
              functions.find((tool) => textIn(tool, 'name') === named),
              'parameters'
            )
          },
    limit: limitOf(body),
    json:
      formatType === 'json_schema' || formatType === 'json_object'
        ? { schema: memberOf(memberOf(format, 'json_schema'), 'schema') }
        : null
  }
}

function textsInMessage(message: unknown): readonly string[] {
  const calls = listIn(message, 'tool_calls').map((call) => memberOf(call, 'function'))
  return [
    ...textsOf(memberOf(message, 'content')),
    ...calls.flatMap((call) => [textIn(call, 'name') ?? '', textIn(call, 'arguments') ?? ''])
  ]
}

function finishReasonOf(content: DemoContent): 'stop' | 'length' | 'tool_calls' {
  if (content.kind === 'tool') return 'tool_calls'
  return content.isCut ? 'length' : 'stop'
}

const usageOf = ({ inputTokens, outputTokens }: DemoContent): CompletionUsage => ({
  prompt_tokens: inputTokens,
  completion_tokens: outputTokens,
  total_tokens: inputTokens + outputTokens
})

function chatOf(content: DemoContent, model: string): ChatCompletion {
  const isText = content.kind === 'text'
  return {
    id: demoId('chatcmpl'),
    object: 'chat.completion',
    created: nowSeconds(),
    model,
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: isText ? content.text : null,
          refusal: null,
          ...(isText ? {} : { tool_calls: [toolCall(content.name, JSON.stringify(content.input))] })
        },
        logprobs: null,
        finish_reason: finishReasonOf(content)
      }
    ],
    usage: usageOf(content)
  }
}

const toolCall = (name: string, input: string): ToolCall => ({
  id: demoId('call'),
  type: 'function',
  function: { name, arguments: input }
})

type Delta = ChunkChoice['delta']

function chatChunks(answer: ChatCompletion, content: DemoContent, asksForUsage: boolean): ChatCompletionChunk[] {
  const { id, created, model } = answer
  const base = { id, object: 'chat.completion.chunk', created, model } as const
  const chunk = (delta: Delta, finish: ChunkChoice['finish_reason'] = null): ChatCompletionChunk => ({
    ...base,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }]
  })
  const chunks = [
    chunk({ role: 'assistant', content: content.kind === 'text' ? '' : null }),
    ...deltasOf(content).map((delta) => chunk(delta)),
    chunk({}, finishReasonOf(content))
  ]
  return asksForUsage ? [...chunks, { ...base, choices: [], usage: usageOf(content) }] : chunks
}

function deltasOf(content: DemoContent): readonly Delta[] {
  if (content.kind === 'text') return content.pieces.map((piece) => ({ content: piece }))
  const call = toolCall(content.name, '')
  return [
    { tool_calls: [{ index: 0, ...call }] },
    { tool_calls: [{ index: 0, function: { arguments: JSON.stringify(content.input) } }] }
  ]
}

async function completionOf(body: unknown, model: string, countTokens: CountTokens): Promise<Completion> {
  const prompt = textsOf(memberOf(body, 'prompt'))
  const limit = limitOf(body)
  const content = await demoContent({ prompt, asked: prompt.at(-1) ?? '', tool: null, limit, json: null }, countTokens)
  const text = content.kind === 'text' ? content.text : ''
  return {
    id: demoId('cmpl'),
    object: 'text_completion',
    created: nowSeconds(),
    model,
    choices: [
      { index: 0, text, logprobs: null, finish_reason: content.kind === 'text' && content.isCut ? 'length' : 'stop' }
    ],
    usage: usageOf(content)
  }
}

function completionChunks(completion: Completion, asksForUsage: boolean): readonly unknown[] {
  const { usage, choices, ...base } = completion
  const [choice] = choices
  const pieces = choice?.text.match(/\S+\s*/g) ?? []
  const chunk = (text: string, finish: string | null): unknown => ({
    ...base,
    choices: [{ index: 0, text, logprobs: null, finish_reason: finish }]
  })
  const chunks = [...pieces.map((piece) => chunk(piece, null)), chunk('', choice?.finish_reason ?? 'stop')]
  return asksForUsage ? [...chunks, { ...base, choices: [], usage }] : chunks
}

/** One input, a list of them, or lists of tokens (then their JSON is what stands for the text). */
async function embeddings(body: unknown, model: string, countTokens: CountTokens): Promise<EmbeddingAnswer> {
  const input = memberOf(body, 'input')
  const isSeveral = Array.isArray(input) && typeof input[0] !== 'number'
  const inputs: readonly unknown[] = isSeveral ? input : [input]
  const texts = inputs.map((one) => (typeof one === 'string' ? one : JSON.stringify(one ?? '')))
  const size = vectorSize(numberIn(body, 'dimensions'))
  const asBase64 = textIn(body, 'encoding_format') === 'base64'
  const tokens = await countTokens(texts)
  return {
    object: 'list',
    model,
    data: texts.map((text, index) => {
      const vector = demoVector(text, size)
      return { object: 'embedding', index, embedding: asBase64 ? base64Floats(vector) : vector }
    }),
    usage: { prompt_tokens: tokens, total_tokens: tokens }
  }
}

/** Little-endian 32-bit floats, as OpenAI sends them. */
function base64Floats(vector: readonly number[]): string {
  const bytes = Buffer.alloc(vector.length * 4)
  vector.forEach((number, index) => bytes.writeFloatLE(number, index * 4))
  return bytes.toString('base64')
}
