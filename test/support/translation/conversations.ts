import type { Conversation, FunctionTool, Part, TextPart, Turn } from '../../../src/main/protocols/canonical'

/** The least a client can say; `more` says the rest. */
export const conversationOf = (more: Partial<Conversation> = {}): Conversation => ({
  system: [],
  turns: [userSays(textOf('hi'))],
  tools: [],
  toolChoice: null,
  parallelTools: null,
  maxTokens: null,
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
  cacheKey: null,
  ...more
})

export const samplingOf = (more: Partial<Conversation['sampling']>): Conversation['sampling'] => ({
  ...conversationOf().sampling,
  ...more
})

export const textOf = (text: string, more: Partial<TextPart> = {}): TextPart => ({
  type: 'text',
  text,
  cache: null,
  citations: [],
  ...more
})

export const userSays = (...parts: readonly Part[]): Turn => ({ role: 'user', parts })
export const assistantSays = (...parts: readonly Part[]): Turn => ({ role: 'assistant', parts })

export const callOf = (id: string, name: string, input = '{}'): Part => ({
  type: 'tool-call',
  id,
  name,
  input,
  cache: null
})

export const resultOf = (callId: string, text: string): Part => ({
  type: 'tool-result',
  callId,
  name: '',
  content: [textOf(text)],
  isError: false,
  cache: null
})

export const functionTool = (name: string, more: Partial<FunctionTool> = {}): FunctionTool => ({
  kind: 'function',
  name,
  description: '',
  parameters: { type: 'object', properties: {} },
  strict: null,
  cache: null,
  origin: { kind: 'function' },
  ...more
})
