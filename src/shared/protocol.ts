/** The wire formats Routex speaks (docs: shared/protocols). */
export const PROTOCOLS = ['anthropic', 'openai-chat', 'openai-responses', 'gemini'] as const
export type ProtocolId = (typeof PROTOCOLS)[number]
