import {
  createPartFromFunctionResponse,
  GoogleGenAI,
  type Content,
  type GenerateContentResponse,
  type Part
} from '@google/genai'
import { gemini } from '../vendors/vendors'
import { QUESTION, ROUNDS, TOOL, TranscriptBuilder, weatherOf, type SdkLoop } from './loop'

export const geminiLoop: SdkLoop = {
  vendor: gemini,
  stops: ['STOP', 'STOP', 'STOP'],
  async run({ gateway, stream }) {
    const client = new GoogleGenAI({ apiKey: gateway.key, httpOptions: { baseUrl: gateway.url } })
    const contents: Content[] = [{ role: 'user', parts: [{ text: QUESTION }] }]
    const seen = new TranscriptBuilder()
    for (let round = 0; round < ROUNDS; round++) {
      const asked = {
        model: gemini.model,
        contents,
        config: {
          thinkingConfig: { thinkingBudget: 1024, includeThoughts: true },
          tools: [
            {
              functionDeclarations: [
                { name: TOOL.name, description: TOOL.description, parametersJsonSchema: TOOL.schema }
              ]
            }
          ]
        }
      }
      const chunks: GenerateContentResponse[] = []
      if (stream) for await (const chunk of await client.models.generateContentStream(asked)) chunks.push(chunk)
      else chunks.push(await client.models.generateContent(asked))
      const parts = note(seen, chunks)
      contents.push({ role: 'model', parts: [...parts] })
      const results = parts.flatMap((part) => resultOf(part))
      if (results.length === 0) break
      contents.push({ role: 'user', parts: [...results] })
    }
    return seen
  }
}

/** The SDK's own maker of such a part takes no id back where there is none. */
function resultOf({ functionCall }: Part): readonly Part[] {
  if (functionCall === undefined) return []
  const { id = '', name = '', args } = functionCall
  const part = createPartFromFunctionResponse(id, name, { output: weatherOf(args) })
  if (id === '') delete part.functionResponse?.id
  return [part]
}

/** The parts of the answer, all of them. */
function note(seen: TranscriptBuilder, chunks: readonly GenerateContentResponse[]): readonly Part[] {
  const parts = chunks.flatMap((chunk) => chunk.candidates?.[0]?.content?.parts ?? [])
  const thoughts = parts.flatMap(({ thought, text = '' }) => (thought === true && text !== '' ? [text] : []))
  for (const call of parts.flatMap(({ functionCall }) => functionCall ?? [])) {
    seen.calls.push({ name: String(call.name), input: call.args })
  }
  if (thoughts.length > 0) seen.thinking.push(thoughts.join(''))
  seen.text = parts.flatMap(({ thought, text }) => (thought === true ? [] : (text ?? ''))).join('')
  noteEnd(seen, chunks.at(-1))
  return parts
}

function noteEnd(seen: TranscriptBuilder, last: GenerateContentResponse | undefined): void {
  const usage = last?.usageMetadata
  seen.stops.push(String(last?.candidates?.[0]?.finishReason))
  seen.models.push(String(last?.modelVersion))
  const output = (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0)
  seen.usage = { input: usage?.promptTokenCount ?? 0, output }
}
