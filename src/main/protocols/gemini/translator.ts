import type { Translator } from '../translator'
import { decodeAnswer } from './decode-answer'
import { decodeRequest } from './decode-request'
import { createStreamDecoder } from './decode-stream'
import { encodeAnswer } from './encode-answer'
import { encodeRequest } from './encode-request'
import { createStreamEncoder } from './encode-stream'
import { encodeUsage } from './usage'
import type { CountTokensResponse } from './wire'

/** Google's Gemini API: https://ai.google.dev/api/generate-content */
export const geminiTranslator = {
  /** https://ai.google.dev/api/caching#FunctionDeclaration */
  toolNames: { pattern: /^[A-Za-z_][\w.:-]*$/, longest: 128 },
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  createStreamDecoder,
  createStreamEncoder,
  encodeTokenCount: (tokens) => ({ totalTokens: tokens }) satisfies CountTokensResponse,
  encodeUsage
} satisfies Translator
