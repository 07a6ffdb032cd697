import { countIn, only } from '../foreign-json'
import type { Translator } from '../translator'
import { decodeAnswer } from './decode-answer'
import { decodeRequest } from './decode-request'
import { createStreamDecoder } from './decode-stream'
import { encodeAnswer } from './encode-answer'
import { encodeRequest } from './encode-request'
import { createStreamEncoder } from './encode-stream'
import type { InputTokenCount } from './wire'

/** This protocol's half of every translation. */
export const openaiResponsesTranslator = {
  headers: {},
  path: () => ({ path: '/v1/responses', query: '' }),
  toolNames: { pattern: /^[\w-]+$/, longest: 64 },
  propertyNames: null,
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  createStreamDecoder,
  createStreamEncoder: (asked) => createStreamEncoder(asked),
  encodeTokenCount: (tokens) => ({
    ...({ object: 'response.input_tokens', input_tokens: tokens } satisfies InputTokenCount)
  }),
  // https://platform.openai.com/docs/api-reference/responses/input-tokens
  tokenCount: {
    path: () => '/v1/responses/input_tokens',
    body: (request) =>
      only(
        request,
        'model',
        'input',
        'instructions',
        'tools',
        'tool_choice',
        'parallel_tool_calls',
        'reasoning',
        'text'
      ),
    tokensIn: (body) => countIn(body, 'input_tokens')
  }
} satisfies Translator
