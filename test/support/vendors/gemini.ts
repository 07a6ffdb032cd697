import { pieces, unnamed, type Content } from './content'

export const GEMINI_MODEL = 'gemini-2.5-flash'

const USAGE = {
  promptTokenCount: 11,
  candidatesTokenCount: 7,
  totalTokenCount: 18,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: 11 }]
}

interface Part {
  readonly parts: readonly object[]
  readonly finishReason?: string
}

function chunk(content: Content, { parts, finishReason }: Part, usage: object | null) {
  return {
    candidates: [{ content: { role: 'model', parts }, ...(finishReason !== undefined && { finishReason }), index: 0 }],
    ...(usage && { usageMetadata: usage }),
    modelVersion: content.model ?? GEMINI_MODEL,
    responseId: 'fake-response'
  }
}

function toolPart(tool: NonNullable<Content['tool']>) {
  return { functionCall: { name: tool.name, args: tool.arguments }, thoughtSignature: 'ZmFrZSBzaWduYXR1cmU=' }
}

function usageOf(content: Content): object | null {
  return content.usage === undefined ? USAGE : content.usage
}

/** A GenerateContentResponse as `:generateContent` answers it. */
export function geminiResponse(content: Content) {
  const parts = [
    ...(content.thinking === undefined ? [] : [{ text: content.thinking, thought: true }]),
    { text: content.text },
    ...(content.tool ? [toolPart(content.tool)] : [])
  ]
  return chunk(content, { parts, finishReason: 'STOP' }, usageOf(content))
}

/** The chunks of the same answer, the last with its `finishReason`. */
function geminiChunks(content: Content) {
  return [
    ...(content.thinking === undefined
      ? []
      : [chunk(content, { parts: [{ text: content.thinking, thought: true }] }, null)]),
    ...pieces(content.text).map((text) => chunk(content, { parts: [{ text }] }, null)),
    chunk(
      content,
      { parts: content.tool ? [toolPart(content.tool)] : [{ text: '' }], finishReason: 'STOP' },
      usageOf(content)
    )
  ]
}

/** `:streamGenerateContent?alt=sse`: one string an event. */
export function geminiEvents(content: Content): readonly string[] {
  return geminiChunks(content).map(unnamed)
}

/** `:streamGenerateContent` without `alt`: one JSON array in pieces. */
export function geminiArrayPieces(content: Content): readonly string[] {
  const chunks = geminiChunks(content).map((one) => JSON.stringify(one, null, 2))
  return [...chunks.map((text, index) => `${index === 0 ? '[' : ',\r\n'}${text}`), ']']
}

/** An error body as Gemini sends it. */
export function geminiError(code: number, status: string, message: string, details: readonly object[] = []) {
  return { error: { code, message, status, ...(details.length > 0 && { details }) } }
}
