import type { ProtocolId } from '../../shared/protocol'

/** A smallest request, as a client would send it. */
export interface Sample {
  readonly path: string
  readonly query: string
  readonly body: unknown
}

/** Small, cheap and long-lived names, for a channel that neither names a model nor lists any. */
export const DEFAULT_MODELS: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'claude-haiku-4-5',
  'openai-chat': 'gpt-5-mini',
  'openai-responses': 'gpt-5-mini',
  gemini: 'gemini-2.5-flash'
}

const messages = [{ role: 'user', content: 'Hi' }]

/**
 * A request for one token, streamed or not. Responses' least is 16. Newer OpenAI models take only `max_completion_tokens`,
 * and some fail when so little is left after their reasoning; others know only `max_tokens`: hence the second try.
 */
export function samplesOf(protocol: ProtocolId, model: string, stream: boolean): readonly Sample[] {
  switch (protocol) {
    case 'anthropic':
      return [{ path: '/v1/messages', query: '', body: { model, max_tokens: 1, messages, stream } }]
    case 'openai-chat':
      return [{ max_tokens: 1 }, { max_completion_tokens: 512 }].map((limit) => ({
        path: '/v1/chat/completions',
        query: '',
        body: { model, ...limit, messages, stream }
      }))
    case 'openai-responses': {
      const body = { model, max_output_tokens: 16, input: 'Hi', store: false, stream }
      return [{ path: '/v1/responses', query: '', body }]
    }
    case 'gemini': {
      const operation = stream ? 'streamGenerateContent' : 'generateContent'
      const path = `/v1beta/models/${model.split('/').map(encodeURIComponent).join('/')}:${operation}`
      const contents = [{ role: 'user', parts: [{ text: 'Hi' }] }]
      return [{ path, query: stream ? 'alt=sse' : '', body: { contents, generationConfig: { maxOutputTokens: 1 } } }]
    }
  }
}
