import type { ProtocolId } from '../../shared/protocol'
import { anthropicTranslator } from './anthropic/translator'
import { geminiTranslator } from './gemini/translator'
import { chatTranslator } from './openai-chat/translator'
import { responsesTranslator } from './openai-responses/translator'
import type { Translator } from './translator'

/** Every protocol's half of a translation. */
export const translators: Readonly<Record<ProtocolId, Translator>> = {
  anthropic: anthropicTranslator,
  'openai-chat': chatTranslator,
  'openai-responses': responsesTranslator,
  gemini: geminiTranslator
}
