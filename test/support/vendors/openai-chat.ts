import { pieces, unnamed, type Content } from './content'

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

function toolCall(tool: NonNullable<Content['tool']>) {
  return { id: 'call_fake', type: 'function', function: { name: tool.name, arguments: JSON.stringify(tool.arguments) } }
}

/** A completion as `POST /v1/chat/completions` answers it. */
export function chatCompletion(content: Content) {
  return {
    ...envelope(content, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: {
          role: 'assistant',
          content: content.text,
          refusal: null,
          ...(content.thinking !== undefined && { reasoning_content: content.thinking }),
          ...(content.tool && { tool_calls: [toolCall(content.tool)] })
        },
        logprobs: null,
        finish_reason: content.tool ? 'tool_calls' : 'stop'
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
  const toolChunks = content.tool
    ? [
        chunk({
          tool_calls: [{ index: 0, ...toolCall({ ...content.tool, arguments: {} }), ...emptyCall(content.tool) }]
        }),
        ...pieces(JSON.stringify(content.tool.arguments)).map((part) =>
          chunk({ tool_calls: [{ index: 0, function: { arguments: part } }] })
        )
      ]
    : []
  return [
    chunk({ role: 'assistant', content: '', refusal: null }),
    ...(content.thinking === undefined ? [] : [chunk({ reasoning_content: content.thinking })]),
    ...pieces(content.text).map((text) => chunk({ content: text })),
    ...toolChunks,
    chunk({}, content.tool ? 'tool_calls' : 'stop'),
    ...(content.usage === null
      ? []
      : [unnamed({ ...envelope(content, 'chat.completion.chunk'), choices: [], usage: content.usage ?? USAGE })]),
    'data: [DONE]\n\n'
  ]
}

function emptyCall(tool: NonNullable<Content['tool']>) {
  return { function: { name: tool.name, arguments: '' } }
}

/** An error body as OpenAI sends it, for Chat and Responses alike. */
export function openaiError(type: string, message: string, code: string | null = null) {
  return { error: { message, type, param: null, code } }
}
