import {
  demoContent,
  demoId,
  demoVector,
  jsonAnswer,
  sseAnswer,
  vectorSize,
  type DemoContent,
  type DemoRequest
} from '../demo-content'
import { listIn, memberOf, numberIn, textIn, textsOf } from '../foreign-json'
import type { DemoAnswer, Route } from '../protocol'
import type { CountTokens } from '../token-counter'
import { renderRefusal } from './error'
import type {
  BatchEmbedContentsResponse,
  CountTokensResponse,
  EmbedContentResponse,
  GenerateContentResponse,
  Part,
  UsageMetadata
} from './wire'

/** The Demo channel's answer to generateContent in its three forms, to a token count or to embeddings. */
export async function demoAnswer(
  route: Route,
  body: unknown,
  stream: boolean,
  countTokens: CountTokens
): Promise<DemoAnswer> {
  if (route.operation === 'embed') return jsonAnswer(embeddings(route, body))
  if (route.operation === 'count_tokens') {
    const counted = memberOf(body, 'generateContentRequest') ?? body
    const count: CountTokensResponse = { totalTokens: await countTokens(readDemo(counted).prompt) }
    return jsonAnswer(count)
  }
  if (listIn(body, 'contents').length === 0)
    return refused('* GenerateContentRequest.contents: contents is not specified\n')
  const content = await demoContent(readDemo(body), countTokens)
  const model = route.model ?? 'demo'
  if (!stream) return jsonAnswer(answerOf(content, model))
  const chunks = chunksOf(content, model).map((chunk) => JSON.stringify(chunk))
  return route.framing === 'sse' ? sseAnswer(chunks.map((chunk) => `data: ${chunk}\r\n\r\n`)) : arrayAnswer(chunks)
}

function refused(message: string): DemoAnswer {
  const { status, contentType, body } = renderRefusal({ kind: 'bad_request', status: 400, message, requestId: '' })
  return { status, contentType, pieces: [body] }
}

const arrayAnswer = (chunks: readonly string[]): DemoAnswer => ({
  status: 200,
  contentType: 'application/json; charset=UTF-8',
  pieces: [...chunks.map((chunk, index) => Buffer.from(`${index === 0 ? '[' : ',\r\n'}${chunk}`)), Buffer.from(']')]
})

function readDemo(body: unknown): DemoRequest {
  const contents = listIn(body, 'contents')
  const tools = listIn(body, 'tools')
  const lastUser = contents.findLast((content) => textIn(content, 'role') !== 'model')
  const declarations = tools.flatMap((tool) => listIn(tool, 'functionDeclarations'))
  const named = namedTool(body)
  const declared = declarations.find((declaration) => textIn(declaration, 'name') === named)
  const config = memberOf(body, 'generationConfig') ?? memberOf(body, 'generation_config')
  const schema = memberOf(config, 'responseJsonSchema') ?? memberOf(config, 'responseSchema')
  return {
    prompt: [
      ...textsInParts(memberOf(body, 'systemInstruction')),
      ...contents.flatMap(textsInParts),
      ...tools.map((tool) => JSON.stringify(tool))
    ],
    asked: textsOf(memberOf(lastUser, 'parts')).at(-1) ?? '',
    tool:
      named === null
        ? null
        : { name: named, schema: memberOf(declared, 'parametersJsonSchema') ?? memberOf(declared, 'parameters') },
    limit: limitIn(config),
    json: textIn(config, 'responseMimeType') === 'application/json' || schema !== undefined ? { schema } : null
  }
}

/** 0 is the wire's way to say nothing. */
function limitIn(config: unknown): number | null {
  const limit = numberIn(config, 'maxOutputTokens') ?? numberIn(config, 'max_output_tokens') ?? 0
  return limit < 1 ? null : limit
}

/** Gemini names a tool by allowing it alone, in mode ANY. */
function namedTool(body: unknown): string | null {
  const config = memberOf(memberOf(body, 'toolConfig'), 'functionCallingConfig')
  const [name, ...others] = listIn(config, 'allowedFunctionNames')
  return textIn(config, 'mode') === 'ANY' && typeof name === 'string' && others.length === 0 ? name : null
}

function textsInParts(content: unknown): readonly string[] {
  return listIn(content, 'parts').flatMap((part) => {
    const call = memberOf(part, 'functionCall') ?? memberOf(part, 'functionResponse')
    return [...textsOf([part]), ...(call === undefined ? [] : [JSON.stringify(call)])]
  })
}

const usageOf = ({ inputTokens, outputTokens }: DemoContent): UsageMetadata => ({
  promptTokenCount: inputTokens,
  candidatesTokenCount: outputTokens,
  totalTokenCount: inputTokens + outputTokens
})

const partsOf = (content: DemoContent): readonly Part[] =>
  content.kind === 'text'
    ? [{ text: content.text }]
    : [{ functionCall: { id: demoId('call'), name: content.name, args: { ...content.input } } }]

const finishReasonOf = (content: DemoContent): 'STOP' | 'MAX_TOKENS' =>
  content.kind === 'text' && content.isCut ? 'MAX_TOKENS' : 'STOP'

const answerOf = (content: DemoContent, model: string): GenerateContentResponse => ({
  candidates: [
    { index: 0, content: { role: 'model', parts: partsOf(content) }, finishReason: finishReasonOf(content) }
  ],
  usageMetadata: usageOf(content),
  modelVersion: model,
  responseId: demoId('resp')
})

function chunksOf(content: DemoContent, model: string): readonly GenerateContentResponse[] {
  const whole = answerOf(content, model)
  if (content.kind === 'tool') return [whole]
  const { modelVersion, responseId, usageMetadata } = whole
  const last = content.pieces.length - 1
  return content.pieces.map((text, index) => ({
    candidates: [
      {
        index: 0,
        content: { role: 'model', parts: [{ text }] },
        ...(index === last ? { finishReason: finishReasonOf(content) } : {})
      }
    ],
    modelVersion,
    responseId,
    ...(index === last && usageMetadata !== undefined ? { usageMetadata } : {})
  }))
}

function embeddings(route: Route, body: unknown): EmbedContentResponse | BatchEmbedContentsResponse {
  if (!route.operationPath.endsWith('batchEmbedContents')) return { embedding: embeddingOf(body) }
  return { embeddings: listIn(body, 'requests').map(embeddingOf) }
}

function embeddingOf(request: unknown): EmbedContentResponse['embedding'] {
  const text = textsInParts(memberOf(request, 'content')).join('\n')
  return { values: demoVector(text, vectorSize(numberIn(request, 'outputDimensionality'))) }
}
