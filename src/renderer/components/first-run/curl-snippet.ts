import type { ProtocolId } from '../../../shared/protocol'
import { quoted, type Snippet, type SnippetValues } from './clients'

/** A first request over HTTP in one protocol. */
interface PlainRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const question = 'Say hello'

const requests: Readonly<Record<ProtocolId, (key: string, model: string) => PlainRequest>> = {
  anthropic: (key, model) => ({
    path: '/v1/messages',
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
    body: { model, max_tokens: 256, messages: [{ role: 'user', content: question }] }
  }),
  'openai-chat': (key, model) => ({
    path: '/v1/chat/completions',
    headers: { authorization: `Bearer ${key}` },
    body: { model, messages: [{ role: 'user', content: question }] }
  }),
  'openai-responses': (key, model) => ({
    path: '/v1/responses',
    headers: { authorization: `Bearer ${key}` },
    body: { model, input: question }
  }),
  gemini: (key, model) => ({
    path: `/v1beta/models/${model.split('/').map(encodeURIComponent).join('/')}:generateContent`,
    headers: { 'x-goog-api-key': key },
    body: { contents: [{ parts: [{ text: question }] }] }
  })
}

/** A request for a terminal. PowerShell has no curl that keeps its quotes, so there it is PowerShell's own command. */
export function curlSnippet({ endpoint, key, protocol, model, shell }: SnippetValues): Snippet {
  const { path, headers, body } = requests[protocol](key, model)
  const url = quoted(shell, `${endpoint}${path}`)
  const text = quoted(shell, JSON.stringify(body))
  if (shell === 'powershell') {
    const table = Object.entries(headers).map(([name, value]) => `'${name}' = ${quoted(shell, value)}`)
    const lines = [
      `Invoke-RestMethod ${url} -Method Post`,
      "-ContentType 'application/json'",
      `-Headers @{ ${table.join('; ')} }`,
      `-Body ${text}`
    ]
    return { target: { kind: 'shell' }, text: lines.join(' `\n  ') }
  }
  const all = Object.entries({ ...headers, 'content-type': 'application/json' })
  const lines = [`curl ${url}`, ...all.map(([name, value]) => `-H ${quoted(shell, `${name}: ${value}`)}`), `-d ${text}`]
  return { target: { kind: 'shell' }, text: lines.join(' \\\n  ') }
}
