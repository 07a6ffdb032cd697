import OpenAI from 'openai'
import { openaiChat } from '../vendors/vendors'
import { QUESTION, ROUNDS, TOOL, TranscriptBuilder, weatherOf, type SdkLoop } from './loop'

export const openaiChatLoop: SdkLoop = {
  vendor: openaiChat,
  stops: ['tool_calls', 'tool_calls', 'stop'],
  async run({ gateway, stream }) {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: 'user', content: QUESTION }]
    const seen = new TranscriptBuilder()
    for (let round = 0; round < ROUNDS; round++) {
      const asked = {
        model: openaiChat.model,
        reasoning_effort: 'low' as const,
        tools: [
          {
            type: 'function' as const,
            function: { name: TOOL.name, description: TOOL.description, parameters: TOOL.schema }
          }
        ],
        messages
      }
      const answer = stream ? await streamed(client, asked, seen) : await client.chat.completions.create(asked)
      const message = note(seen, answer)
      if (!stream && 'reasoning_content' in message) seen.thinking.push(String(message.reasoning_content))
      messages.push(message)
      const calls = (message.tool_calls ?? []).filter((call) => call.type === 'function')
      if (calls.length === 0) break
      for (const call of calls) {
        const content = weatherOf(JSON.parse(call.function.arguments))
        messages.push({ role: 'tool', tool_call_id: call.id, content })
      }
    }
    return seen
  }
}

/**
 * Of members that are not OpenAI's the SDK keeps the last piece alone, so whoever wants the reasoning gathers it. What goes back
 * is the SDK's message as it is.
 */
async function streamed(
  client: OpenAI,
  asked: Omit<OpenAI.ChatCompletionCreateParamsNonStreaming, 'stream'>,
  seen: TranscriptBuilder
): Promise<OpenAI.ChatCompletion> {
  let thoughts = ''
  const answers = client.chat.completions.stream({ ...asked, stream_options: { include_usage: true } })
  answers.on('chunk', ({ choices: [choice] }) => {
    if (choice !== undefined && 'reasoning_content' in choice.delta) thoughts += String(choice.delta.reasoning_content)
  })
  const answer = await answers.finalChatCompletion()
  if (thoughts !== '') seen.thinking.push(thoughts)
  return answer
}

function note(seen: TranscriptBuilder, answer: OpenAI.ChatCompletion): OpenAI.ChatCompletionMessage {
  const [choice] = answer.choices
  if (choice === undefined) throw new Error('an answer without a choice')
  const { message, finish_reason } = choice
  for (const call of message.tool_calls ?? []) {
    if (call.type !== 'function') continue
    const input: unknown = JSON.parse(call.function.arguments)
    seen.calls.push({ name: call.function.name, input })
  }
  seen.text = message.content ?? ''
  seen.stops.push(finish_reason)
  seen.models.push(answer.model)
  seen.usage = { input: answer.usage?.prompt_tokens ?? 0, output: answer.usage?.completion_tokens ?? 0 }
  return message
}
