import OpenAI from 'openai'
import { openaiResponses } from '../vendors/vendors'
import { QUESTION, ROUNDS, TOOL, TranscriptBuilder, weatherOf, type SdkLoop } from './loop'

export const openaiResponsesLoop: SdkLoop = {
  vendor: openaiResponses,
  stops: ['completed', 'completed', 'completed'],
  async run({ gateway, stream }) {
    const client = new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
    const input: OpenAI.Responses.ResponseInputItem[] = [{ role: 'user', content: QUESTION }]
    const seen = new TranscriptBuilder()
    for (let round = 0; round < ROUNDS; round++) {
      const asked = {
        model: openaiResponses.model,
        store: false,
        include: ['reasoning.encrypted_content' as const],
        reasoning: { effort: 'low' as const, summary: 'auto' as const },
        tools: [
          {
            type: 'function' as const,
            name: TOOL.name,
            description: TOOL.description,
            parameters: TOOL.schema,
            strict: false
          }
        ],
        input
      }
      const answer = stream
        ? await client.responses.stream(asked).finalResponse()
        : await client.responses.create({ ...asked, stream: false })
      note(seen, answer)
      for (const item of answer.output) input.push(asInput(item))
      const results = answer.output.flatMap((item) => resultOf(item))
      if (results.length === 0) break
      input.push(...results)
    }
    return seen
  }
}

/** What the loop sends back of an answer, as it came. */
function asInput(item: OpenAI.Responses.ResponseOutputItem): OpenAI.Responses.ResponseInputItem {
  if (item.type === 'message' || item.type === 'function_call' || item.type === 'reasoning') return item
  throw new Error(`an item of type ${item.type} was not asked for`)
}

function resultOf(item: OpenAI.Responses.ResponseOutputItem): readonly OpenAI.Responses.ResponseInputItem[] {
  if (item.type !== 'function_call') return []
  const output = weatherOf(JSON.parse(item.arguments))
  return [{ type: 'function_call_output', call_id: item.call_id, output }]
}

function note(seen: TranscriptBuilder, answer: OpenAI.Responses.Response): void {
  for (const item of answer.output) {
    if (item.type === 'function_call') seen.calls.push({ name: item.name, input: JSON.parse(item.arguments) })
    if (item.type === 'reasoning') seen.thinking.push(...item.summary.map(({ text }) => text))
  }
  seen.text = answer.output_text
  seen.stops.push(answer.status ?? 'none')
  seen.models.push(answer.model)
  seen.usage = { input: answer.usage?.input_tokens ?? 0, output: answer.usage?.output_tokens ?? 0 }
}
