import { demoContent, demoId, jsonAnswer, sseAnswer, type DemoContent, type DemoRequest } from '../demo-content'
import { isList, listIn, memberOf, numberIn, objectIn, textIn, textsOf } from '../foreign-json'
import type { DemoAnswer, Route } from '../protocol'
import type { CountTokens } from '../token-counter'
import { renderEvent } from './encode-stream'
import { renderRefusal } from './error'
import type { Message, MessageStreamEvent, MessageTokensCount } from './wire'

/** The Demo channel's answer to a Messages request or a token count. */
export async function demoAnswer(
  route: Route,
  body: unknown,
  stream: boolean,
  countTokens: CountTokens
): Promise<DemoAnswer> {
  const problem = problemOf(route, body)
  if (problem !== null) return refused(problem)
  const request = readDemo(body)
  if (route.operation === 'count_tokens') {
    const count: MessageTokensCount = { input_tokens: await countTokens(request.prompt) }
    return jsonAnswer(count)
  }
  const content = await demoContent(request, countTokens)
  const message = messageOf(content, textIn(body, 'model') ?? 'demo')
  return stream ? sseAnswer(eventsOf(message, content).map(renderEvent)) : jsonAnswer(message)
}

/** What the vendor refuses; null when there is nothing. */
function problemOf(route: Route, body: unknown): string | null {
  const messages = memberOf(body, 'messages')
  const limit = memberOf(body, 'max_tokens')
  if (route.operation === 'generate') {
    if (limit === undefined) return 'max_tokens: Field required'
    if (!Number.isInteger(limit)) return 'max_tokens: Input should be a valid integer'
    if (Number(limit) < 1) return 'max_tokens: must be greater than or equal to 1'
  }
  if (messages === undefined) return 'messages: Field required'
  if (!isList(messages)) return 'messages: Input should be a valid list'
  return messages.length === 0 ? 'messages: at least one message is required' : null
}

function refused(message: string): DemoAnswer {
  const { status, contentType, body } = renderRefusal({
    kind: 'bad_request',
    status: 400,
    message,
    requestId: demoId('req')
  })
  return { status, contentType, pieces: [body] }
}

function readDemo(body: unknown): DemoRequest {
  const messages = listIn(body, 'messages')
  const tools = listIn(body, 'tools')
  const lastUser = messages.findLast((message) => textIn(message, 'role') === 'user')
  const choice = memberOf(body, 'tool_choice')
  const named = textIn(choice, 'type') === 'tool' ? textIn(choice, 'name') : null
  const format = objectIn(memberOf(body, 'output_config'), 'format')
  return {
    prompt: [
      ...textsOf(memberOf(body, 'system')),
      ...messages.flatMap((message) => textsInBlocks(memberOf(message, 'content'))),
      ...tools.map((tool) => JSON.stringify(tool))
    ],
    asked: textsOf(memberOf(lastUser, 'content')).at(-1) ?? '',
    tool: named === null ? null : { name: named, schema: memberOf(tools.find(isNamed(named)), 'input_schema') },
    limit: numberIn(body, 'max_tokens'),
    json: textIn(format, 'type') === 'json_schema' ? { schema: memberOf(format, 'schema') } : null
  }
}

const isNamed =
  (name: string) =>
  (tool: unknown): boolean =>
    textIn(tool, 'name') === name

/** Texts, thinking, tool calls and their results; images and documents have no tokens that could be counted here. */
function textsInBlocks(content: unknown): readonly string[] {
  if (!Array.isArray(content)) return textsOf(content)
  return content.flatMap((block: unknown) => {
    const input = memberOf(block, 'input')
    return [
      ...textsOf([block]),
      ...textsOf(memberOf(block, 'thinking')),
      ...textsOf(memberOf(block, 'content')),
      ...(input === undefined ? [] : [JSON.stringify(input)])
    ]
  })
}

function messageOf(content: DemoContent, model: string): Message {
  return {
    id: demoId('msg'),
    type: 'message',
    role: 'assistant',
    model,
    container: null,
    diagnostics: null,
    content: [
      content.kind === 'text'
        ? { type: 'text', text: content.text, citations: null }
        : {
            type: 'tool_use',
            id: demoId('toolu'),
            name: content.name,
            input: content.input,
            caller: { type: 'direct' }
          }
    ],
    stop_details: null,
    stop_reason: stopReasonOf(content),
    stop_sequence: null,
    usage: usageOf(content, content.outputTokens)
  }
}

function stopReasonOf(content: DemoContent): Message['stop_reason'] {
  if (content.kind === 'tool') return 'tool_use'
  return content.isCut ? 'max_tokens' : 'end_turn'
}

const usageOf = (content: DemoContent, outputTokens: number): Message['usage'] => ({
  input_tokens: content.inputTokens,
  output_tokens: outputTokens,
  cache_creation: null,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  inference_geo: null,
  output_tokens_details: null,
  server_tool_use: null,
  service_tier: 'standard',
  speed: null
})

function eventsOf(message: Message, content: DemoContent): readonly MessageStreamEvent[] {
  const [block] = message.content
  if (block === undefined) return []
  const start = { ...message, content: [], stop_reason: null, usage: usageOf(content, 1) }
  return [
    { type: 'message_start', message: start },
    ...blockEvents(block, content),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { container: null, stop_details: null, stop_reason: message.stop_reason, stop_sequence: null },
      usage: message.usage
    },
    { type: 'message_stop' }
  ]
}

function blockEvents(block: Message['content'][number], content: DemoContent): readonly MessageStreamEvent[] {
  if (content.kind === 'text') {
    return [
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '', citations: null } },
      ...content.pieces.map((text): MessageStreamEvent => ({
        type: 'content_block_delta',
        index: 0,
        delta: { type: 'text_delta', text }
      }))
    ]
  }
  if (block.type !== 'tool_use') return []
  const input = JSON.stringify(content.input)
  return [
    { type: 'content_block_start', index: 0, content_block: { ...block, input: {} } },
    { type: 'content_block_delta', index: 0, delta: { type: 'input_json_delta', partial_json: input } }
  ]
}
