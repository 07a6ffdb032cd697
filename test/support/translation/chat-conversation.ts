import type { Quirks } from '../../../src/shared/quirks'
import type {
  Conversation,
  FunctionTool,
  MediaPart,
  Part,
  TextPart,
  ToolResultPart,
  Turn
} from '../../../src/main/protocols/canonical'
import { Losses } from '../../../src/main/protocols/losses'
import { textPart } from '../../../src/main/protocols/openai-chat/content'
import { encodeRequest } from '../../../src/main/protocols/openai-chat/encode-request'

export const NOTHING_SAID: Conversation = {
  system: [],
  turns: [{ role: 'user', parts: [textPart('hi')] }],
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
  cacheKey: null
}
export const TOOL: FunctionTool = {
  kind: 'function',
  name: 'f',
  description: '',
  parameters: { type: 'object', properties: {} },
  strict: null,
  cache: null,
  origin: { kind: 'function' }
}

export function encodeChat(
  said: Partial<Conversation>,
  quirks: Quirks = {},
  target: { model?: string; stream?: boolean } = {}
) {
  const losses = new Losses()
  const body = encodeRequest({ ...NOTHING_SAID, ...said }, { model: 'm', stream: false, ...target, quirks }, losses)
  return { body, losses: String(losses) }
}

export const messagesOf = (turns: readonly Turn[], quirks: Quirks = {}, system: readonly TextPart[] = []) =>
  encodeChat({ turns, system }, quirks).body['messages']

export const PICTURE: MediaPart = {
  type: 'media',
  media: 'image',
  mimeType: 'image/png',
  source: { kind: 'base64', data: 'AA' },
  name: null,
  detail: null,
  cache: null
}
export const callPart = (id: string): Part => ({ type: 'tool-call', id, name: 'f', input: '{}', cache: null })
export const resultPart = (callId: string, more: Partial<ToolResultPart> = {}): ToolResultPart => ({
  type: 'tool-result',
  callId,
  name: 'f',
  content: [textPart('done')],
  isError: false,
  cache: null,
  ...more
})
