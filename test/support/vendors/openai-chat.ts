import { pieces, toolsOf, unnamed, type Content, type ToolCall } from './content'

export const CHAT_MODEL = 'gpt-4.1-mini'

const USAGE = {
  prompt_tokens: 11,
  completion_tokens: 7,
  total_tokens: 18,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 }
}

function envelope(content: Content, object: string) {
  return { id: 'chatcmpl-fake', object, created: 1_760_000_000, model: content.model ?? CHAT_MODEL }
}

const callId = (index: number): string => (index === 0 ? 'call_fake' : `call_fake_${index + 1}`)

const toolCall = (tool: ToolCall, index: number, args = JSON.stringify(tool.arguments)) => ({
  id: callId(index),
  type: 'function',
  function: { name: tool.name, arguments: args }
})

const stopOf = (content: Content): string => content.stop ?? (toolsOf(content).length > 0 ? 'tool_calls' : 'stop')

/** A completion as `POST /v1/chat/completions` answers it. */
export function chatCompletion(content: Content) {
  const tools = toolsOf(content)
  return {
    ...envelope(content, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: content.refusal === undefined ? content.text : null,
          refusal: content.refusal ?? null,
          ...(content.thinking !== undefined && { reasoning_content: content.thinking }),
          ...(tools.length > 0 && { tool_calls: tools.map((tool, index) => toolCall(tool, index)) })
        },
        logprobs: null,
        finish_reason: stopOf(content)
      }
    ],
    ...(content.usage !== null && { usage: content.usage ?? USAGE })
  }
}

/** The same completion as a stream, `[DONE]` last. Its usage chunk is there unless `usage` is null. */
export function chatEvents(content: Content): readonly string[] {
  const chunk = (delta: object, finishReason: string | null = null) =>
    unnamed({
      ...envelope(content, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }]
    })
  const toolChunks = toolsOf(content).flatMap((tool, index) => [
    chunk({ tool_calls: [{ index, ...toolCall(tool, index, '') }] }),
    ...pieces(JSON.stringify(tool.arguments)).map((part) =>
      chunk({ tool_calls: [{ index, function: { arguments: part } }] })
    )
  ])
  const said = content.refusal === undefined ? content.text : ''
  return [
    chunk({ role: 'assistant', content: '', refusal: null }),
    ...(content.thinking === undefined ? [] : [chunk({ reasoning_content: content.thinking })]),
    ...pieces(said).map((text) => chunk({ content: text })),
    ...pieces(content.refusal ?? '').map((refusal) => chunk({ refusal })),
    ...toolChunks,
    chunk({}, stopOf(content)),
    ...(content.usage === null
      ? []
      : [unnamed({ ...envelope(content, 'chat.completion.chunk'), choices: [], usage: content.usage ?? USAGE })]),
    'data: [DONE]\n\n'
  ]
}

/** An error body as OpenAI sends it, for Chat and Responses alike. */
export function openaiError(type: string, message: string, code: string | null = null) {
  return { error: { message, type, param: null, code } }
}
