import type { ProtocolId } from '../../../shared/protocol'
import type { RequestRow } from '../../../shared/request-log'

/** What takes the place of a conversation, which the log does not keep. */
const QUESTION = 'Say hello in one sentence.'

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

function bodyOf(protocol: ProtocolId, model: string, stream: boolean): unknown {
  const messages = [{ role: 'user', content: QUESTION }]
  const streamed = stream ? { stream: true } : {}
  switch (protocol) {
    case 'anthropic':
      return { model, max_tokens: 256, messages, ...streamed }
    case 'openai-chat':
      return { model, messages, ...streamed }
    case 'openai-responses':
      return { model, input: QUESTION, ...streamed }
    case 'gemini':
      return { contents: [{ role: 'user', parts: [{ text: QUESTION }] }] }
  }
}

/**
 * A line that asks for the same model on the same path when it is pasted into a POSIX shell. The key comes from `$ROUTEX_KEY`, so that
 * the line can be shown to others. null for a request that can't be asked again (it named no protocol or model).
 */
export function curlOf(row: RequestRow, gatewayUrl: string): string | null {
  const { method, path, protocol, model, stream } = row
  if (protocol === null) return null
  const keyHeader = protocol === 'gemini' ? 'x-goog-api-key' : 'x-api-key'
  const headers = [`-H "${keyHeader}: $ROUTEX_KEY"`]
  if (protocol === 'anthropic') headers.push(`-H ${quote('anthropic-version: 2023-06-01')}`)
  if (method === 'GET' || method === 'DELETE') {
    return ['curl', ...(method === 'GET' ? [] : ['-X', method]), quote(gatewayUrl + path), ...headers].join(' ')
  }
  if (model === null) return null
  const query = protocol === 'gemini' && stream ? '?alt=sse' : ''
  headers.push(`-H ${quote('content-type: application/json')}`)
  const body = quote(JSON.stringify(bodyOf(protocol, model, stream)))
  return ['curl', ...(stream ? ['-N'] : []), quote(gatewayUrl + path + query), ...headers, '-d', body].join(' ')
}
