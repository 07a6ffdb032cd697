import type { Translator } from '../translator'
import { decodeAnswer } from './decode-answer'
import { decodeRequest } from './decode-request'
import { createStreamDecoder } from './decode-stream'
import { encodeAnswer } from './encode-answer'
import { encodeRequest } from './encode-request'
import { createStreamEncoder } from './encode-stream'

/** Chat Completions' half of every translation. */
export const openaiChatTranslator = {
  headers: {},
  path: () => ({ path: '/v1/chat/completions', query: '' }),
  // https://platform.openai.com/docs/api-reference/chat/create#chat-create-tools
  toolNames: { pattern: /^[\w-]+$/, longest: 64 },
  propertyNames: null,
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  createStreamDecoder,
  createStreamEncoder,
  // OpenAI counts tokens for Responses only; this is its shape.
  encodeTokenCount: (tokens) => ({ object: 'response.input_tokens', input_tokens: tokens }),
  tokenCount: null
} satisfies Translator
