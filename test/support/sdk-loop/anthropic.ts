import Anthropic from '@anthropic-ai/sdk'
import { anthropic } from '../vendors/vendors'
import { QUESTION, ROUNDS, TOOL, TranscriptBuilder, weatherOf, type SdkLoop } from './loop'

export const anthropicLoop: SdkLoop = {
  vendor: anthropic,
  stops: ['tool_use', 'tool_use', 'end_turn'],
  async run({ gateway, stream }) {
    const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
    const messages: Anthropic.MessageParam[] = [{ role: 'user', content: QUESTION }]
    const seen = new TranscriptBuilder()
    for (let round = 0; round < ROUNDS; round++) {
      const asked = {
        model: anthropic.model,
        max_tokens: 4096,
        thinking: { type: 'enabled' as const, budget_tokens: 1024 },
        tools: [{ name: TOOL.name, description: TOOL.description, input_schema: TOOL.schema }],
        messages
      }
      const answer = stream
        ? await client.messages.stream(asked).finalMessage()
        : await client.messages.create({ ...asked, stream: false })
      note(seen, answer)
      messages.push({ role: 'assistant', content: answer.content })
      const results = answer.content.flatMap((block): readonly Anthropic.ToolResultBlockParam[] =>
        block.type === 'tool_use'
          ? [{ type: 'tool_result', tool_use_id: block.id, content: weatherOf(block.input) }]
          : []
      )
      if (results.length === 0) break
      messages.push({ role: 'user', content: [...results] })
    }
    return seen
  }
}

function note(seen: TranscriptBuilder, answer: Anthropic.Message): void {
  for (const block of answer.content) {
    if (block.type === 'tool_use') seen.calls.push({ name: block.name, input: block.input })
    if (block.type === 'thinking' && block.thinking !== '') seen.thinking.push(block.thinking)
  }
  seen.text = answer.content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('')
  seen.stops.push(answer.stop_reason ?? 'none')
  seen.models.push(answer.model)
  const { input_tokens, cache_creation_input_tokens, cache_read_input_tokens, output_tokens } = answer.usage
  const input = input_tokens + (cache_creation_input_tokens ?? 0) + (cache_read_input_tokens ?? 0)
  seen.usage = { input, output: output_tokens }
}
