import type { ProtocolId } from '../../../shared/protocol'
import { quoted, setVariable } from '../shell-text'
import { file, form, inShell, jsonText, type Snippet, type SnippetValues } from './snippet'

/*
 * Assistants that are connected by hand, by their makers' own pages: qwenlm.github.io/qwen-code-docs,
 * github.com/charmbracelet/crush, docs.continue.dev, docs.cline.bot, docs.roocode.com, aider.chat/docs.
 */

const qwenCode: Snippet = {
  id: 'qwen-code',
  name: 'Qwen Code',
  protocols: ['openai-chat'],
  parts: (values) => [
    file(values, '.qwen/.env', [
      `OPENAI_BASE_URL=${values.url}/v1`,
      `OPENAI_API_KEY=${values.key}`,
      `OPENAI_MODEL=${values.model}`
    ]),
    file(values, '.qwen/settings.json', jsonText({ security: { auth: { selectedType: 'openai' } } }))
  ]
}

/** What it calls a protocol. */
const CRUSH_TYPES: Partial<Readonly<Record<ProtocolId, string>>> = {
  'openai-chat': 'openai-compat',
  anthropic: 'anthropic'
}

const crush: Snippet = {
  id: 'crush',
  name: 'Crush',
  protocols: ['openai-chat', 'anthropic'],
  parts: (values) => {
    const { url, key, model, protocol } = values
    const provider = {
      name: 'Routex',
      type: CRUSH_TYPES[protocol] ?? 'openai-compat',
      base_url: `${url}/v1`,
      api_key: key,
      models: [{ id: model, name: model, context_window: 200_000, default_max_tokens: 16_000 }]
    }
    const config = { $schema: 'https://charm.land/crush.json', providers: { routex: provider } }
    return [file(values, '.config/crush/crush.json', jsonText(config))]
  }
}

const CONTINUE_PROVIDERS: Readonly<Record<ProtocolId, { readonly provider: string; readonly path: string }>> = {
  anthropic: { provider: 'anthropic', path: '/v1' },
  'openai-chat': { provider: 'openai', path: '/v1' },
  'openai-responses': { provider: 'openai', path: '/v1' },
  gemini: { provider: 'gemini', path: '/v1beta' }
}

const continueDev: Snippet = {
  id: 'continue',
  name: 'Continue',
  protocols: ['openai-chat', 'anthropic', 'gemini'],
  parts: (values) => {
    const { provider, path } = CONTINUE_PROVIDERS[values.protocol]
    return [
      // YAML takes JSON's strings.
      file(values, '.continue/config.yaml', [
        'name: Routex',
        'version: 1.0.0',
        'schema: v1',
        'models:',
        '  - name: Routex',
        `    provider: ${provider}`,
        `    model: ${JSON.stringify(values.model)}`,
        `    apiBase: ${values.url}${path}`,
        `    apiKey: ${JSON.stringify(values.key)}`,
        '    roles: [chat, edit, apply]'
      ])
    ]
  }
}

const cline: Snippet = {
  id: 'cline',
  name: 'Cline, Roo Code',
  protocols: ['openai-chat', 'anthropic'],
  parts: ({ url, key, model, protocol }) => [
    protocol === 'anthropic'
      ? form({ 'API Provider': 'Anthropic', 'API Key': key, 'Use custom base URL': url, Model: model })
      : form({ 'API Provider': 'OpenAI Compatible', 'Base URL': `${url}/v1`, 'API Key': key, 'Model ID': model })
  ]
}

function aiderVariables({ url, key, protocol }: SnippetValues): Readonly<Record<string, string>> {
  return protocol === 'anthropic'
    ? { ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: key }
    : { OPENAI_API_BASE: `${url}/v1`, OPENAI_API_KEY: key }
}

const aider: Snippet = {
  id: 'aider',
  name: 'Aider',
  protocols: ['openai-chat', 'anthropic'],
  parts: (values) => {
    const { shell, model, protocol } = values
    const vendor = protocol === 'anthropic' ? 'anthropic' : 'openai'
    return [
      inShell([
        ...Object.entries(aiderVariables(values)).map(([name, value]) => setVariable(shell, name, value)),
        `aider --model ${quoted(shell, `${vendor}/${model}`)}`
      ])
    ]
  }
}

export const assistantSnippets: readonly Snippet[] = [qwenCode, crush, continueDev, cline, aider]
