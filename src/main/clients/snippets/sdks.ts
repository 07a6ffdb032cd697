import type { ProtocolId } from '../../../shared/protocol'
import { quoted, setVariable } from '../shell-text'
import { inShell, install, program, type Snippet, type SnippetValues } from './snippet'

const ALL: readonly ProtocolId[] = ['anthropic', 'openai-chat', 'openai-responses', 'gemini']
const QUESTION = 'Say hello'

interface Sdk {
  readonly package: string
  /** `url`, `v1`, `key` and `model` are literals of the language. */
  readonly text: (values: {
    readonly url: string
    readonly v1: string
    readonly key: string
    readonly model: string
  }) => string
}

const python: Readonly<Record<ProtocolId, Sdk>> = {
  anthropic: {
    package: 'anthropic',
    text: ({ url, key, model }) => `from anthropic import Anthropic

client = Anthropic(base_url=${url}, api_key=${key})
message = client.messages.create(
    model=${model},
    max_tokens=256,
    messages=[{"role": "user", "content": "${QUESTION}"}],
)
print(message.content[0].text)`
  },
  'openai-chat': {
    package: 'openai',
    text: ({ v1, key, model }) => `from openai import OpenAI

client = OpenAI(base_url=${v1}, api_key=${key})
completion = client.chat.completions.create(
    model=${model},
    messages=[{"role": "user", "content": "${QUESTION}"}],
)
print(completion.choices[0].message.content)`
  },
  'openai-responses': {
    package: 'openai',
    text: ({ v1, key, model }) => `from openai import OpenAI

client = OpenAI(base_url=${v1}, api_key=${key})
response = client.responses.create(model=${model}, input="${QUESTION}")
print(response.output_text)`
  },
  gemini: {
    package: 'google-genai',
    text: ({ url, key, model }) => `from google import genai

client = genai.Client(api_key=${key}, http_options={"base_url": ${url}})
response = client.models.generate_content(model=${model}, contents="${QUESTION}")
print(response.text)`
  }
}

const typescript: Readonly<Record<ProtocolId, Sdk>> = {
  anthropic: {
    package: '@anthropic-ai/sdk',
    text: ({ url, key, model }) => `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({ baseURL: ${url}, apiKey: ${key} })
const message = await client.messages.create({
  model: ${model},
  max_tokens: 256,
  messages: [{ role: 'user', content: '${QUESTION}' }]
})
console.log(message.content)`
  },
  'openai-chat': {
    package: 'openai',
    text: ({ v1, key, model }) => `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: ${v1}, apiKey: ${key} })
const completion = await client.chat.completions.create({
  model: ${model},
  messages: [{ role: 'user', content: '${QUESTION}' }]
})
console.log(completion.choices[0]?.message.content)`
  },
  'openai-responses': {
    package: 'openai',
    text: ({ v1, key, model }) => `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: ${v1}, apiKey: ${key} })
const response = await client.responses.create({ model: ${model}, input: '${QUESTION}' })
console.log(response.output_text)`
  },
  gemini: {
    package: '@google/genai',
    text: ({ url, key, model }) => `import { GoogleGenAI } from '@google/genai'

const client = new GoogleGenAI({ apiKey: ${key}, httpOptions: { baseUrl: ${url} } })
const response = await client.models.generateContent({ model: ${model}, contents: '${QUESTION}' })
console.log(response.text)`
  }
}

const singleQuoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

function sdk(
  head: Pick<Snippet, 'id' | 'name'>,
  sdks: Readonly<Record<ProtocolId, Sdk>>,
  installer: string,
  literal: (text: string) => string
): Snippet {
  return {
    ...head,
    protocols: ALL,
    parts: ({ protocol, url, key, model }) => {
      const { package: name, text } = sdks[protocol]
      const values = { url: literal(url), v1: literal(`${url}/v1`), key: literal(key), model: literal(model) }
      return [install(`${installer} ${name}`), program(text(values))]
    }
  }
}

interface PlainRequest {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

const REQUESTS: Readonly<Record<ProtocolId, (key: string, model: string) => PlainRequest>> = {
  anthropic: (key, model) => ({
    path: '/v1/messages',
    headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
    body: { model, max_tokens: 256, messages: [{ role: 'user', content: QUESTION }] }
  }),
  'openai-chat': (key, model) => ({
    path: '/v1/chat/completions',
    headers: { authorization: `Bearer ${key}` },
    body: { model, messages: [{ role: 'user', content: QUESTION }] }
  }),
  'openai-responses': (key, model) => ({
    path: '/v1/responses',
    headers: { authorization: `Bearer ${key}` },
    body: { model, input: QUESTION }
  }),
  gemini: (key, model) => ({
    path: `/v1beta/models/${model.split('/').map(encodeURIComponent).join('/')}:generateContent`,
    headers: { 'x-goog-api-key': key },
    body: { contents: [{ parts: [{ text: QUESTION }] }] }
  })
}

/** PowerShell has no curl that keeps its quotes, so there it is PowerShell's own command. */
function request({ shell, protocol, url, key, model }: SnippetValues): readonly string[] {
  const { path, headers, body } = REQUESTS[protocol](key, model)
  const word = (text: string): string => quoted(shell, text)
  const fields = Object.entries({ ...headers, 'content-type': 'application/json' })
  if (shell === 'powershell') {
    const table = Object.entries(headers).map(([name, value]) => `'${name}' = '${value}'`)
    return [
      `Invoke-RestMethod ${word(url + path)} -Method Post \``,
      "  -ContentType 'application/json' `",
      `  -Headers @{ ${table.join('; ')} } \``,
      `  -Body ${word(JSON.stringify(body))}`
    ]
  }
  const lines = [
    `curl ${word(url + path)}`,
    ...fields.map(([name, value]) => `-H ${word(`${name}: ${value}`)}`),
    `-d ${word(JSON.stringify(body))}`
  ]
  return [lines.join(shell === 'cmd' ? ' ' : ' \\\n  ')]
}

const curl: Snippet = { id: 'curl', name: 'curl', protocols: ALL, parts: (values) => [inShell(request(values))] }

/** Variables that the vendors' own SDKs read, and most programs made with them. */
const shell: Snippet = {
  id: 'shell',
  name: 'Shell',
  protocols: ALL,
  parts: ({ shell: own, url, key }) => {
    const variables = {
      ANTHROPIC_BASE_URL: url,
      ANTHROPIC_API_KEY: key,
      OPENAI_BASE_URL: `${url}/v1`,
      OPENAI_API_KEY: key,
      GOOGLE_GEMINI_BASE_URL: url,
      GEMINI_API_KEY: key
    }
    return [inShell(Object.entries(variables).map(([name, value]) => setVariable(own, name, value)))]
  }
}

export const sdkSnippets: readonly Snippet[] = [
  shell,
  sdk({ id: 'python', name: 'Python' }, python, 'pip install', JSON.stringify),
  sdk({ id: 'typescript', name: 'TypeScript' }, typescript, 'npm install', singleQuoted),
  curl
]
