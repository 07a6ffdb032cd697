import {
  given,
  saidOf,
  type Ask,
  type Asking,
  type AskPart,
  type AskResult,
  type AskTurn,
  type Body,
  type Source
} from './ask'

/** https://ai.google.dev/api/generate-content */
export const generateContent: Asking = { write, read }

function write(ask: Ask): Body {
  const config = saidOf({
    maxOutputTokens: ask.maxTokens,
    temperature: ask.temperature,
    topP: ask.topP,
    topK: ask.topK,
    seed: ask.seed,
    presencePenalty: ask.presencePenalty,
    stopSequences: ask.stop,
    responseMimeType: ask.schema && 'application/json',
    responseJsonSchema: ask.schema,
    thinkingConfig: given(ask.thinking, (budget) => ({ thinkingBudget: budget, includeThoughts: true }))
  })
  return saidOf({
    systemInstruction: ask.system === undefined ? undefined : { parts: [{ text: ask.system }] },
    contents: ask.turns.map(({ role, parts }) => ({
      role: role === 'assistant' ? 'model' : 'user',
      parts: parts.map(partOf)
    })),
    tools: toolsOf(ask),
    toolConfig: given(ask.choice, (choice) => ({
      functionCallingConfig:
        typeof choice === 'object' ? { mode: 'ANY', allowedFunctionNames: [choice.name] } : { mode: MODES[choice] }
    })),
    generationConfig: Object.keys(config).length === 0 ? undefined : config
  })
}

function toolsOf({ tools = [], webSearch }: Ask): readonly object[] {
  const declarations = tools.map(({ name, description, schema }) => ({
    name,
    description,
    parametersJsonSchema: schema
  }))
  return [
    ...(declarations.length === 0 ? [] : [{ functionDeclarations: declarations }]),
    ...(webSearch ? [{ googleSearch: {} }] : [])
  ]
}

const MODES = { auto: 'AUTO', required: 'ANY', none: 'NONE' } as const

const sourcePart = (source: Source, mimeType: string) =>
  'url' in source ? { fileData: { mimeType, fileUri: source.url } } : { inlineData: { mimeType, data: source.base64 } }

function partOf(part: AskPart): object {
  if ('text' in part) return { text: part.text }
  if ('image' in part) return sourcePart(part.image, 'image/png')
  if ('pdf' in part) return sourcePart(part.pdf, 'application/pdf')
  if ('call' in part) return { functionCall: { id: part.call.id, name: part.call.name, args: part.call.arguments } }
  const { id, name, text, failed, image } = part.result
  return {
    functionResponse: saidOf({
      id,
      name,
      response: failed ? { error: text } : { output: text },
      parts: image && [sourcePart(image, 'image/png')]
    })
  }
}

interface Media {
  readonly mimeType: string
  readonly data: string
  readonly fileUri?: string
}
interface Part {
  readonly text?: string
  readonly inlineData?: Media
  readonly fileData?: Media
  readonly functionCall?: { readonly id: string; readonly name: string; readonly args?: unknown }
  readonly functionResponse?: Result
}
interface Result {
  readonly id: string
  readonly name: string
  readonly response: { readonly output?: string; readonly error?: string }
  readonly parts?: readonly Part[]
}
interface GenerateContent {
  readonly systemInstruction?: { readonly parts: readonly Part[] }
  readonly contents: readonly { readonly role: string; readonly parts: readonly Part[] }[]
  readonly tools?: readonly {
    readonly functionDeclarations?: readonly {
      readonly name: string
      readonly description: string
      readonly parametersJsonSchema: object
    }[]
    readonly googleSearch?: object
  }[]
  readonly toolConfig?: {
    readonly functionCallingConfig: { readonly mode: string; readonly allowedFunctionNames?: readonly string[] }
  }
  readonly generationConfig?: {
    readonly maxOutputTokens?: number
    readonly temperature?: number
    readonly topP?: number
    readonly topK?: number
    readonly seed?: number
    readonly presencePenalty?: number
    readonly stopSequences?: readonly string[]
    readonly responseJsonSchema?: object
    readonly thinkingConfig?: { readonly thinkingBudget?: number }
  }
}

function read(body: Body): Ask {
  const asked = body as unknown as GenerateContent
  const { tools = [], generationConfig: config = {} } = asked
  const { mode, allowedFunctionNames: allowed } = asked.toolConfig?.functionCallingConfig ?? {}
  const kind = (['auto', 'required', 'none'] as const).find((one) => MODES[one] === mode)
  return saidOf({
    system: asked.systemInstruction?.parts.map(({ text }) => text).join('\n\n'),
    turns: asked.contents.map(({ role, parts }) => ({
      role: role === 'model' ? ('assistant' as const) : ('user' as const),
      parts: parts.map(readPart)
    })) satisfies AskTurn[],
    tools: tools.flatMap(({ functionDeclarations = [] }) =>
      functionDeclarations.map(({ name, description, parametersJsonSchema: schema }) => ({ name, description, schema }))
    ),
    webSearch: tools.some(({ googleSearch }) => googleSearch) || undefined,
    choice: allowed?.[0] === undefined ? kind : { name: allowed[0] },
    maxTokens: config.maxOutputTokens,
    temperature: config.temperature,
    topP: config.topP,
    topK: config.topK,
    seed: config.seed,
    presencePenalty: config.presencePenalty,
    stop: config.stopSequences,
    thinking: config.thinkingConfig?.thinkingBudget,
    schema: config.responseJsonSchema
  }) as Ask
}

const sourceOf = ({ data, fileUri }: Media): Source => (fileUri === undefined ? { base64: data } : { url: fileUri })

function readPart(part: Part): AskPart {
  const media = part.inlineData ?? part.fileData
  if (media !== undefined)
    return media.mimeType.startsWith('image/') ? { image: sourceOf(media) } : { pdf: sourceOf(media) }
  if (part.functionResponse !== undefined) return { result: readResult(part.functionResponse) }
  const { text = '', functionCall: call } = part
  return call === undefined ? { text } : { call: { id: call.id, name: call.name, arguments: call.args ?? {} } }
}

function readResult({ id, name, response: { output, error }, parts = [] }: Result): AskResult {
  return saidOf({
    id,
    name,
    text: output ?? error ?? '',
    image: given(parts[0]?.inlineData, ({ data }) => ({ base64: data })),
    failed: given(error, () => true as const)
  }) as AskResult
}
