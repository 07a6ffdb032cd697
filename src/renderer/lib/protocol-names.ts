import type { ProtocolId } from '../../shared/protocol'

/** As the vendors write them, so the same in every language. */
export const protocolNames: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'Anthropic Messages',
  'openai-chat': 'OpenAI Chat',
  'openai-responses': 'OpenAI Responses',
  gemini: 'Gemini'
}
