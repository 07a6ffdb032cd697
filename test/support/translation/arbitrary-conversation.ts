import fc from 'fast-check'
import type { Conversation, FunctionTool, MediaPart, Part, TextPart, Turn } from '../../../src/main/protocols/canonical'

/** Conversations that every protocol can say, so that each must give them back as they were. What one can't is its own test. */

const text = fc.string({ minLength: 1, maxLength: 40 }).filter((value) => value.trim() !== '')
const textPart: fc.Arbitrary<TextPart> = text.map((value) => ({
  type: 'text',
  text: value,
  cache: null,
  citations: []
}))
const imagePart: fc.Arbitrary<MediaPart> = fc.constantFrom('image/png', 'image/jpeg').map((mimeType) => ({
  type: 'media',
  media: 'image',
  mimeType,
  source: { kind: 'base64', data: 'iVBORw0KGgo=' },
  name: null,
  detail: null,
  cache: null
}))
const toolName = fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/)
const input = fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), fc.oneof(text, fc.integer(), fc.boolean()), {
  maxKeys: 3
})

const functionTool = (name: string): FunctionTool => ({
  kind: 'function',
  name,
  description: `Does ${name}`,
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: null,
  cache: null,
  origin: { kind: 'function' }
})

/** One user turn, an assistant's answer with some calls, and the results that follow them. */
const exchange = (tools: readonly string[], number: number): fc.Arbitrary<readonly Turn[]> =>
  fc
    .record({
      asked: fc.array(fc.oneof({ weight: 4, arbitrary: textPart }, imagePart), { minLength: 1, maxLength: 3 }),
      said: fc.option(textPart, { nil: null }),
      calls: fc.array(
        fc.record({ name: fc.constantFrom(...(tools.length === 0 ? ['none'] : tools)), input, result: text }),
        {
          maxLength: tools.length === 0 ? 0 : 3
        }
      )
    })
    .map(({ asked, said, calls }) => {
      const called: readonly Part[] = calls.map((call, index) => ({
        type: 'tool-call',
        id: `call_${number}_${index}`,
        name: call.name,
        input: JSON.stringify(call.input),
        cache: null
      }))
      const results: readonly Part[] = calls.map((call, index) => ({
        type: 'tool-result',
        callId: `call_${number}_${index}`,
        name: call.name,
        content: [{ type: 'text', text: call.result, cache: null, citations: [] }],
        isError: false,
        cache: null
      }))
      const answered: readonly Part[] = [...(said === null ? [] : [said]), ...called]
      const turns: Turn[] = [{ role: 'user', parts: asked }]
      if (answered.length > 0) turns.push({ role: 'assistant', parts: answered })
      if (results.length > 0) turns.push({ role: 'user', parts: results })
      return turns
    })

/** The last turn is the user's, as every vendor wants it. */
export const arbitraryConversation: fc.Arbitrary<Conversation> = fc
  .uniqueArray(toolName, { maxLength: 3 })
  .chain((names) =>
    fc
      .record({
        system: fc.array(textPart, { maxLength: 2 }),
        exchanges: fc
          .integer({ min: 0, max: 2 })
          .chain((count) => fc.tuple(...Array.from({ length: count }, (_, number) => exchange(names, number)))),
        last: textPart,
        maxTokens: fc.option(fc.integer({ min: 1, max: 4096 }), { nil: null }),
        temperature: fc.option(fc.constantFrom(0, 0.5, 1), { nil: null })
      })
      .map(({ system, exchanges, last, maxTokens, temperature }) => ({
        system,
        turns: [...exchanges.flat(), { role: 'user' as const, parts: [last] }],
        tools: names.map(functionTool),
        toolChoice: null,
        parallelTools: null,
        maxTokens,
        sampling: {
          temperature,
          topP: null,
          topK: null,
          seed: null,
          frequencyPenalty: null,
          presencePenalty: null,
          stop: []
        },
        reasoning: null,
        format: null,
        verbosity: null,
        userId: null,
        serviceTier: null,
        cacheKey: null
      }))
  )
