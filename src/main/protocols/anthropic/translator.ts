import type { Translator } from '../translator'
import { decodeAnswer } from './decode-answer'
import { decodeRequest } from './decode-request'
import { createStreamDecoder } from './decode-stream'
import { encodeAnswer } from './encode-answer'
import { encodeRequest } from './encode-request'
import { createStreamEncoder } from './encode-stream'
import { encodeUsage } from './usage'
import type { MessageTokensCount } from './wire'

/** Anthropic's half of every translation. */
export const anthropicTranslator = {
  // https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools
  toolNames: { pattern: /^[\w-]+$/, longest: 128 },
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
  encodeUsage
} satisfies Translator
