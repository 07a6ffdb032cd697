import type { ProtocolId } from '../../../shared/protocol'
import type { RequestRow } from '../../../shared/request-log'

/** What takes the place of a conversation, which the log does not keep. */
const QUESTION = 'Say hello in one sentence.'

const quote = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`

type Bodies = Readonly<Record<string, (model: string, path: string) => Record<string, unknown>>>

const messages = [{ role: 'user', content: QUESTION }]
const parts = [{ text: QUESTION }]
const input = (model: string): Record<string, unknown> => ({ model, input: QUESTION })
const contents = (): Record<string, unknown> => ({ contents: [{ role: 'user', parts }] })

/** What an operation takes; it is asked nothing where there is no question to put. */
const BODIES: Readonly<Record<ProtocolId, Bodies>> = {
  anthropic: {
    generate: (model) => ({ model, max_tokens: 256, messages }),
    count_tokens: (model) => ({ model, messages })
  },
  'openai-chat': {
    generate: (model) => ({ model, messages }),
    complete: (model) => ({ model, prompt: QUESTION }),
    embed: input
  },
  'openai-responses': { generate: input, count_tokens: input },
  gemini: {
    generate: contents,
    count_tokens: contents,
    embed: (model, path) => {
      const content = { parts }
      return path.includes('batchEmbedContents') ? { requests: [{ model: `models/${model}`, content }] } : { content }
    }
  }
}

function bodyOf({ operation, model, path, stream }: RequestRow, protocol: ProtocolId): unknown {
  const body = BODIES[protocol][operation ?? '']
  if (model === null || body === undefined) return null
  return { ...body(model, path), ...(stream && protocol !== 'gemini' ? { stream } : {}) }
}

/**
 * A line that asks for the same model on the same path when it is pasted into a POSIX shell. The key comes from `$ROUTEX_KEY`, so that
 * the line can be shown to others. null for a request that can't be asked again (it named no protocol or model, or its path is not known).
 */
export function curlOf(row: RequestRow, gatewayUrl: string): string | null {
  const { method, path, protocol, stream } = row
  if (protocol === null) return null
  const keyHeader = protocol === 'gemini' ? 'x-goog-api-key' : 'x-api-key'
  const headers = [`-H "${keyHeader}: $ROUTEX_KEY"`]
  if (protocol === 'anthropic') headers.push(`-H ${quote('anthropic-version: 2023-06-01')}`)
  if (method === 'GET' || method === 'DELETE') {
    return ['curl', ...(method === 'GET' ? [] : ['-X', method]), quote(gatewayUrl + path), ...headers].join(' ')
  }
  const body = bodyOf(row, protocol)
  if (body === null) return null
  const query = protocol === 'gemini' && stream ? '?alt=sse' : ''
  headers.push(`-H ${quote('content-type: application/json')}`)
  const data = quote(JSON.stringify(body))
  return ['curl', ...(stream ? ['-N'] : []), quote(gatewayUrl + path + query), ...headers, '-d', data].join(' ')
}
