import type { ProtocolId } from '../../../shared/protocol'
import type { Snippet, SnippetValues } from './clients'

/** A program in the vendor's own SDK. Texts are written as JSON strings, which both languages read alike. */
type Program = (values: { readonly endpoint: string; readonly key: string; readonly model: string }) => string

interface Sdk {
  readonly install: string
  readonly program: Program
}

const python: Readonly<Record<ProtocolId, Sdk>> = {
  anthropic: {
    install: 'pip install anthropic',
    program: ({ endpoint, key, model }) => `from anthropic import Anthropic

client = Anthropic(base_url=${endpoint}, api_key=${key})
message = client.messages.create(
    model=${model},
    max_tokens=256,
    messages=[{"role": "user", "content": "Say hello"}],
)
print(message.content[0].text)`
  },
  'openai-chat': {
    install: 'pip install openai',
    program: ({ endpoint, key, model }) => `from openai import OpenAI

client = OpenAI(base_url=${under(endpoint, '/v1')}, api_key=${key})
completion = client.chat.completions.create(
    model=${model},
    messages=[{"role": "user", "content": "Say hello"}],
)
print(completion.choices[0].message.content)`
  },
  'openai-responses': {
    install: 'pip install openai',
    program: ({ endpoint, key, model }) => `from openai import OpenAI

client = OpenAI(base_url=${under(endpoint, '/v1')}, api_key=${key})
response = client.responses.create(model=${model}, input="Say hello")
print(response.output_text)`
  },
  gemini: {
    install: 'pip install google-genai',
    program: ({ endpoint, key, model }) => `from google import genai

client = genai.Client(api_key=${key}, http_options={"base_url": ${endpoint}})
response = client.models.generate_content(model=${model}, contents="Say hello")
print(response.text)`
  }
}

const typescript: Readonly<Record<ProtocolId, Sdk>> = {
  anthropic: {
    install: 'npm install @anthropic-ai/sdk',
    program: ({ endpoint, key, model }) => `import Anthropic from '@anthropic-ai/sdk'

const client = new Anthropic({ baseURL: ${endpoint}, apiKey: ${key} })
const message = await client.messages.create({
  model: ${model},
  max_tokens: 256,
  messages: [{ role: 'user', content: 'Say hello' }]
})
console.log(message.content)`
  },
  'openai-chat': {
    install: 'npm install openai',
    program: ({ endpoint, key, model }) => `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: ${under(endpoint, '/v1')}, apiKey: ${key} })
const completion = await client.chat.completions.create({
  model: ${model},
  messages: [{ role: 'user', content: 'Say hello' }]
})
console.log(completion.choices[0]?.message.content)`
  },
  'openai-responses': {
    install: 'npm install openai',
    program: ({ endpoint, key, model }) => `import OpenAI from 'openai'

const client = new OpenAI({ baseURL: ${under(endpoint, '/v1')}, apiKey: ${key} })
const response = await client.responses.create({ model: ${model}, input: 'Say hello' })
console.log(response.output_text)`
  },
  gemini: {
    install: 'npm install @google/genai',
    program: ({ endpoint, key, model }) => `import { GoogleGenAI } from '@google/genai'

const client = new GoogleGenAI({ apiKey: ${key}, httpOptions: { baseUrl: ${endpoint} } })
const response = await client.models.generateContent({ model: ${model}, contents: 'Say hello' })
console.log(response.text)`
  }
}

/** What to install, and a whole program that asks one question. */
export function sdkSnippets(language: 'python' | 'typescript', values: SnippetValues): readonly Snippet[] {
  const { install, program } = (language === 'python' ? python : typescript)[values.protocol]
  const literal = language === 'python' ? JSON.stringify : singleQuoted
  const text = program({
    endpoint: literal(values.endpoint),
    key: literal(values.key),
    model: literal(values.model)
  })
  return [
    { target: { kind: 'install' }, text: install },
    { target: { kind: 'program' }, text }
  ]
}

/** `"http://…"` and a path → `"http://…/v1"`. */
const under = (literal: string, path: string): string => `${literal.slice(0, -1)}${path}${literal.slice(-1)}`

const singleQuoted = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
