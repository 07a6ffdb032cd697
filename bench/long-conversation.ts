import type { Conversation, FunctionTool, Turn } from '../src/main/protocols/canonical'

/** Text of a coding assistant's kind, with what JSON must escape. */
const LINE = '  const answer = await ask("Zürich", { retries: 3 }) // "quoted" \\ and 🏔\n'
const TURN_CHARACTERS = 9000

/** A conversation of about so many bytes: twenty tools, and turns that call one of them and hear what it found. */
export function longConversation(bytes: number): Conversation {
  const count = Math.floor(bytes / (TURN_CHARACTERS * 1.2))
  const turns = Array.from({ length: count }, (_, number) => exchange(number)).flat()
  return {
    system: [textPart(LINE.repeat(40))],
    turns: [...turns, { role: 'user', parts: [textPart('And now?')] }],
    tools: Array.from({ length: 20 }, (_, number) => tool(number)),
    toolChoice: null,
    parallelTools: null,
    maxTokens: 8192,
    sampling: {
      temperature: null,
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
  }
}

const textPart = (text: string) => ({ type: 'text', text, cache: null, citations: [] }) as const

function exchange(number: number): readonly Turn[] {
  const id = `call_${number}`
  const name = `tool_${number % 20}`
  const input = JSON.stringify({ path: `/src/file-${number}.ts`, old: LINE.repeat(15), new: LINE.repeat(15) })
  return [
    { role: 'user', parts: [textPart(LINE.repeat(10))] },
    {
      role: 'assistant',
      parts: [textPart(LINE.repeat(5)), { type: 'tool-call', id, name, input, cache: null }]
    },
    {
      role: 'user',
      parts: [
        { type: 'tool-result', callId: id, name, content: [textPart(LINE.repeat(75))], isError: false, cache: null }
      ]
    }
  ]
}

const tool = (number: number): FunctionTool => ({
  kind: 'function',
  name: `tool_${number}`,
  description: LINE.repeat(10),
  parameters: {
    type: 'object',
    properties: Object.fromEntries(
      ['path', 'old', 'new', 'all', 'limit'].map((name) => [name, { type: 'string', description: LINE }])
    ),
    required: ['path'],
    additionalProperties: false
  },
  strict: null,
  cache: null,
  origin: { kind: 'function' }
})
