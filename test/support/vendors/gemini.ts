import { pieces, toolsOf, unnamed, type Content } from './content'

export const GEMINI_MODEL = 'gemini-2.5-flash'

const USAGE = {
  promptTokenCount: 11,
  candidatesTokenCount: 7,
  totalTokenCount: 18,
  promptTokensDetails: [{ modality: 'TEXT', tokenCount: 11 }]
}

export const THOUGHT_SIGNATURE = 'ZmFrZSBzaWduYXR1cmU='

interface Part {
  readonly parts: readonly object[]
  readonly ending?: object
}

function chunk(content: Content, { parts, ending }: Part, usage: object | null) {
  return {
    candidates: [{ ...(parts.length > 0 && { content: { role: 'model', parts } }), ...ending, index: 0 }],
    ...(usage && { usageMetadata: usage }),
    modelVersion: content.model ?? GEMINI_MODEL,
    responseId: 'fake-response'
  }
}

/** A filter's words stand beside its reason; the first of several calls carries the signature for all. */
function endingOf({ stop, refusal }: Content): object {
  const reason = { finishReason: stop ?? (refusal === undefined ? 'STOP' : 'SAFETY') }
  return refusal === undefined ? reason : { ...reason, finishMessage: refusal }
}

const toolParts = (content: Content): readonly object[] =>
  toolsOf(content).map(({ name, arguments: args }, index) => ({
    functionCall: { name, args },
    ...(index === 0 && { thoughtSignature: THOUGHT_SIGNATURE })
  }))

const thoughtParts = ({ thinking }: Content): readonly object[] =>
  thinking === undefined ? [] : [{ text: thinking, thought: true }]

function usageOf(content: Content): object | null {
  return content.usage === undefined ? USAGE : content.usage
}

/** A GenerateContentResponse as `:generateContent` answers it. */
export function geminiResponse(content: Content) {
  const said = content.refusal === undefined ? [{ text: content.text }] : []
  const parts = [...thoughtParts(content), ...said, ...toolParts(content)]
  return chunk(content, { parts, ending: endingOf(content) }, usageOf(content))
}

/** The chunks of the same answer, the last with its `finishReason`. */
function geminiChunks(content: Content) {
  const said = content.refusal === undefined ? pieces(content.text) : []
  const calls = toolParts(content)
  const last = calls.length > 0 ? calls : content.refusal === undefined ? [{ text: '' }] : []
  return [
    ...thoughtParts(content).map((part) => chunk(content, { parts: [part] }, null)),
    ...said.map((text) => chunk(content, { parts: [{ text }] }, null)),
    chunk(content, { parts: last, ending: endingOf(content) }, usageOf(content))
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
