import type { ProtocolId } from '../../shared/protocol'
import { anthropicTranslator } from './anthropic/translator'
import { geminiTranslator } from './gemini/translator'
import { openaiChatTranslator } from './openai-chat/translator'
import { openaiResponsesTranslator } from './openai-responses/translator'
import type { Translator } from './translator'

/** Every protocol's half of a translation. */
export const translators: Readonly<Record<ProtocolId, Translator>> = {
  anthropic: anthropicTranslator,
  'openai-chat': openaiChatTranslator,
  'openai-responses': openaiResponsesTranslator,
  gemini: geminiTranslator
}
