import { countIn, only } from '../foreign-json'
import type { Translator } from '../translator'
import { decodeAnswer } from './decode-answer'
import { decodeRequest } from './decode-request'
import { createStreamDecoder } from './decode-stream'
import { encodeAnswer } from './encode-answer'
import { encodeRequest } from './encode-request'
import { createStreamEncoder } from './encode-stream'
import type { MessageTokensCount } from './wire'

/** Anthropic's half of every translation. */
export const anthropicTranslator = {
  // The newest version refuses temperature and top_p: https://platform.claude.com/docs/en/api/versioning
  headers: { 'anthropic-version': '2023-06-01' },
  path: () => ({ path: '/v1/messages', query: '' }),
  // https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools
  toolNames: { pattern: /^[\w-]+$/, longest: 128 },
  // "Property keys should match pattern '^[a-zA-Z0-9_.-]{1,64}$'": https://github.com/anthropics/claude-code/issues/79418
  propertyNames: { pattern: /^[\w.-]+$/, longest: 64 },
  decodeRequest,
  encodeRequest,
  decodeAnswer,
  encodeAnswer,
  createStreamDecoder,
  createStreamEncoder,
  encodeTokenCount(tokens) {
    const count: MessageTokensCount = { input_tokens: tokens }
    return { ...count }
  },
  // Others are refused: https://platform.claude.com/docs/en/api/messages-count-tokens
  tokenCount: {
    path: () => '/v1/messages/count_tokens',
    body: (request) =>
      only(request, 'model', 'messages', 'system', 'tools', 'tool_choice', 'thinking', 'output_config'),
    tokensIn: (body) => countIn(body, 'input_tokens')
  }
} satisfies Translator
