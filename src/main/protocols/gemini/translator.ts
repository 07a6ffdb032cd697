import { countIn } from '../foreign-json'
import type { Translator } from '../translator'
import { decodeAnswer } from './decode-answer'
import { decodeRequest } from './decode-request'
import { createStreamDecoder } from './decode-stream'
import { encodeAnswer } from './encode-answer'
import { encodeRequest } from './encode-request'
import { createStreamEncoder } from './encode-stream'
import type { CountTokensResponse } from './wire'

/** `models/x`; a tuned model says so itself. */
const nameOf = (model: string): string => (/^(?:models|tunedModels)\//.test(model) ? model : `models/${model}`)

/** The same, each segment fit for a path. */
const resourceOf = (model: string): string => nameOf(model).split('/').map(encodeURIComponent).join('/')

/** Google's Gemini API: https://ai.google.dev/api/generate-content */
export const geminiTranslator = {
  headers: {},
  path: (model, stream) => ({
    path: `/v1beta/${resourceOf(model)}:${stream ? 'streamGenerateContent' : 'generateContent'}`,
    query: stream ? 'alt=sse' : ''
  }),
  /** https://ai.google.dev/api/caching#FunctionDeclaration */
  toolNames: { pattern: /^[A-Za-z_][\w.:-]*$/, longest: 128 },
  propertyNames: null,
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  createStreamDecoder,
  createStreamEncoder,
  encodeTokenCount: (tokens) => ({ totalTokens: tokens }) satisfies CountTokensResponse,
  // https://ai.google.dev/api/tokens#v1beta.models.countTokens
  tokenCount: {
    path: (model) => `/v1beta/${resourceOf(model)}:countTokens`,
    body: (request, model) => ({ generateContentRequest: { model: nameOf(model), ...request } }),
    tokensIn: (body) => countIn(body, 'totalTokens')
  }
} satisfies Translator
