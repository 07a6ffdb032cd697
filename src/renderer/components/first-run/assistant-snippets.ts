import type { ProtocolId } from '../../../shared/protocol'
import { homePath, json, setVariable, type ClientId, type Snippet, type SnippetValues } from './clients'

/*
 * Settings of the coding assistants, as measured with the real programs (docs/clients.md). Each is whole: pasted as it
 * stands, it works.
 */

type Assistant = Exclude<ClientId, 'curl' | 'python' | 'typescript'>

/** What to put where, for an assistant. */
export function assistantSnippets(client: Assistant, values: SnippetValues): readonly Snippet[] {
  switch (client) {
    case 'claude-code':
      return claudeCode(values)
    case 'codex':
      return codex(values)
    case 'gemini-cli':
      return geminiCli(values)
    case 'opencode':
      return openCode(values)
  }
}

function claudeCode({ endpoint, key, model, takesAnyModel, shell }: SnippetValues): readonly Snippet[] {
  const env = {
    ANTHROPIC_BASE_URL: endpoint,
    ANTHROPIC_AUTH_TOKEN: key,
    // It asks for its own names otherwise, the small one too.
    ...(!takesAnyModel && {
      ANTHROPIC_DEFAULT_HAIKU_MODEL: model,
      ANTHROPIC_DEFAULT_SONNET_MODEL: model,
      ANTHROPIC_DEFAULT_OPUS_MODEL: model
    })
  }
  const lines = Object.entries(env).map(([name, value]) => setVariable(shell, name, value))
  return [
    { target: { kind: 'file', path: homePath(shell, '.claude/settings.json') }, text: json({ env }) },
    { target: { kind: 'shell' }, text: [...lines, 'claude'].join('\n'), alternative: true }
  ]
}

/** A basic string of TOML takes JSON's escapes. */
const toml = (text: string): string => JSON.stringify(text)

function codex({ endpoint, key, model, takesAnyModel, shell }: SnippetValues): readonly Snippet[] {
  const config = [
    ...(takesAnyModel ? [] : [`model = ${toml(model)}`]),
    'model_provider = "routex"',
    '',
    '[model_providers.routex]',
    'name = "Routex"',
    `base_url = ${toml(`${endpoint}/v1`)}`,
    'wire_api = "responses"',
    'env_key = "ROUTEX_KEY"'
  ]
  return [
    { target: { kind: 'file', path: homePath(shell, '.codex/config.toml') }, text: config.join('\n') },
    { target: { kind: 'shell' }, text: `${setVariable(shell, 'ROUTEX_KEY', key)}\ncodex` }
  ]
}

function geminiCli({ endpoint, key, model, takesAnyModel, shell }: SnippetValues): readonly Snippet[] {
  const settings = { security: { auth: { selectedType: 'gemini-api-key' } } }
  return [
    {
      target: { kind: 'file', path: homePath(shell, '.gemini/.env') },
      text: `GOOGLE_GEMINI_BASE_URL=${endpoint}\nGEMINI_API_KEY=${key}`
    },
    {
      target: { kind: 'file', path: homePath(shell, '.gemini/settings.json') },
      text: json(takesAnyModel ? settings : { ...settings, model: { name: model } })
    }
  ]
}

/** The AI SDK's provider packages, each with the part of the path that it expects. */
const openCodeProviders: Readonly<Record<ProtocolId, { readonly npm: string; readonly path: string }>> = {
  anthropic: { npm: '@ai-sdk/anthropic', path: '/v1' },
  'openai-chat': { npm: '@ai-sdk/openai-compatible', path: '/v1' },
  'openai-responses': { npm: '@ai-sdk/openai', path: '/v1' },
  gemini: { npm: '@ai-sdk/google', path: '/v1beta' }
}

function openCode({ endpoint, key, protocol, model, shell }: SnippetValues): readonly Snippet[] {
  const { npm, path } = openCodeProviders[protocol]
  const config = {
    $schema: 'https://opencode.ai/config.json',
    model: `routex/${model}`,
    small_model: `routex/${model}`,
    provider: {
      routex: { npm, name: 'Routex', options: { baseURL: `${endpoint}${path}`, apiKey: key }, models: { [model]: {} } }
    }
  }
  return [{ target: { kind: 'file', path: homePath(shell, '.config/opencode/opencode.json') }, text: json(config) }]
}
