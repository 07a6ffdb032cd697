import type { Channel } from '../../shared/channel'
import type { ProtocolId } from '../../shared/protocol'
import { namesOf } from '../api/offered-models'

/** POSIX shells take single quotes; Windows' cmd and PowerShell's curl.exe take double ones. */
function quote(text: string, platform: NodeJS.Platform): string {
  return platform === 'win32' ? `"${text.replaceAll('"', '\\"')}"` : `'${text.replaceAll("'", `'\\''`)}'`
}

const content = 'Say hello in one sentence.'

/** A first request, without what only some models take. */
function question(protocol: ProtocolId, model: string): { readonly path: string; readonly body: unknown } {
  const messages = [{ role: 'user', content }]
  switch (protocol) {
    case 'anthropic':
      return { path: '/v1/messages', body: { model, max_tokens: 256, messages } }
    case 'openai-chat':
      return { path: '/v1/chat/completions', body: { model, messages } }
    case 'openai-responses':
      return { path: '/v1/responses', body: { model, input: content } }
    case 'gemini': {
      const name = model.split('/').map(encodeURIComponent).join('/')
      return { path: `/v1beta/models/${name}:generateContent`, body: { contents: [{ parts: [{ text: content }] }] } }
    }
  }
}

/** A line that asks the gateway something when it is pasted into a shell; null when there is no channel to ask. */
export function curlLine(
  gateway: string,
  clientKey: string,
  channels: readonly Channel[],
  platform: NodeJS.Platform
): string | null {
  const [channel] = [...channels].sort((one, other) => one.priority - other.priority)
  if (channel === undefined) return null
  const [model] = namesOf(channel)
  const { path, body } = question(channel.protocol, model)
  const headers = [
    `${channel.protocol === 'gemini' ? 'x-goog-api-key' : 'x-api-key'}: ${clientKey}`,
    ...(channel.protocol === 'anthropic' ? ['anthropic-version: 2023-06-01'] : []),
    'content-type: application/json'
  ]
  const words = [`${gateway}${path}`, ...headers.flatMap((header) => ['-H', header]), '-d', JSON.stringify(body)]
  return ['curl', ...words.map((word) => (word.startsWith('-') ? word : quote(word, platform)))].join(' ')
}
