import { hash, randomUUID } from 'node:crypto'
import { sampleOf } from './demo-sample'
import { isObject, type JsonObject } from './foreign-json'
import type { DemoAnswer } from './protocol'
import type { CountTokens } from './token-counter'

/** What the Demo channel says, before a protocol gives it its shape. Nothing here leaves the machine. */

/** What a protocol's demo.ts read of a request. */
export interface DemoRequest {
  /** Every text that a model would be given, tool definitions included: what is counted. */
  readonly prompt: readonly string[]
  /** The last thing the user wrote; '' when there is none. */
  readonly asked: string
  /** The tool that `tool_choice` names, with the schema of its arguments; null without one. */
  readonly tool: { readonly name: string; readonly schema: unknown } | null
  /** Tokens that the text may have; null: as many as it takes. A tool's call is never cut: half of it would be none. */
  readonly limit: number | null
  /** The answer must be JSON: its schema, or undefined for any object; null when it is text. */
  readonly json: { readonly schema: unknown } | null
}

export type DemoContent = {
  readonly inputTokens: number
  readonly outputTokens: number
} &
  /** `isCut`: the limit came before the end. */
  (
    | { readonly kind: 'text'; readonly text: string; readonly pieces: readonly string[]; readonly isCut: boolean }
    | { readonly kind: 'tool'; readonly name: string; readonly input: JsonObject }
  )

/** The content of an answer with its counts, by the tokenizer of OpenAI's newer models. */
export async function demoContent(request: DemoRequest, countTokens: CountTokens): Promise<DemoContent> {
  const inputTokens = await countTokens(request.prompt)
  if (request.tool !== null) {
    const sample = sampleOf(request.tool.schema)
    const input = isObject(sample) ? sample : {}
    const outputTokens = await countTokens([request.tool.name, JSON.stringify(input)])
    return { kind: 'tool', name: request.tool.name, input, inputTokens, outputTokens }
  }
  const whole = request.json === null ? demoText(request.asked) : demoJson(request.json.schema)
  const { text, tokens, isCut } = await cut(whole, request.limit, countTokens)
  return { kind: 'text', text, pieces: piecesOf(text), isCut, inputTokens, outputTokens: tokens }
}

interface Cut {
  readonly text: string
  readonly tokens: number
  readonly isCut: boolean
}

/** The longest beginning of a text that has no more than `limit` tokens. No character is halved. */
async function cut(text: string, limit: number | null, countTokens: CountTokens): Promise<Cut> {
  const total = await countTokens([text])
  if (limit === null || total <= limit) return { text, tokens: total, isCut: false }
  const characters = Array.from(text)
  const beginning = (length: number): string => characters.slice(0, length).join('')
  let fits = 0
  let tooLong = characters.length
  while (tooLong - fits > 1) {
    const middle = Math.floor((fits + tooLong) / 2)
    if ((await countTokens([beginning(middle)])) <= limit) fits = middle
    else tooLong = middle
  }
  return { text: beginning(fits), tokens: await countTokens([beginning(fits)]), isCut: true }
}

function demoText(asked: string): string {
  const quoted = asked.trim().replace(/\s+/g, ' ')
  const shown = quoted.length > 200 ? `${quoted.slice(0, 200)}…` : quoted
  const echo = shown === '' ? '' : ` You wrote: “${shown}”`
  return `[Routex demo] Your request arrived, and this text was made on your own machine: no model was asked.${echo} Add a channel in Routex to get real answers.`
}

const demoJson = (schema: unknown): string =>
  JSON.stringify(schema === undefined ? { demo: '[Routex demo] no model was asked' } : sampleOf(schema))

/** A text in the pieces in which it is streamed: word by word. */
const piecesOf = (text: string): readonly string[] => text.match(/\S+\s*|\s+/g) ?? ['']

/** A vector of length 1 that is the same for the same text, and means nothing. */
export function demoVector(text: string, size: number): readonly number[] {
  const numbers: number[] = []
  for (let block = 0; numbers.length < size; block++) {
    for (const byte of hash('sha256', `${block}:${text}`, 'buffer')) numbers.push(byte / 127.5 - 1)
  }
  const vector = numbers.slice(0, size)
  const length = Math.hypot(...vector)
  return vector.map((number) => number / length)
}

/** The size of demo vectors where the client doesn't choose one, and the largest it may choose. */
const VECTOR_SIZE = 8
const LARGEST_VECTOR = 4096

export const vectorSize = (asked: number | null): number =>
  asked === null || asked < 1 ? VECTOR_SIZE : Math.min(Math.round(asked), LARGEST_VECTOR)

/** An id in the vendor's manner that says where it comes from: `msg_demo_…`. */
export const demoId = (prefix: string): string => `${prefix}_demo_${randomUUID().replaceAll('-', '')}`

/** Whether the Demo made this response's id, in this run or an earlier one. */
export const isDemoResponse = (id: string): boolean => id.startsWith('resp_demo_')

/** Seconds since 1970, as OpenAI's answers carry them. */
export const nowSeconds = (): number => Math.floor(Date.now() / 1000)

/** A whole answer. */
export const jsonAnswer = (answer: unknown, status = 200): DemoAnswer => ({
  status,
  contentType: 'application/json',
  pieces: [Buffer.from(JSON.stringify(answer))]
})

/** A streamed answer, an event a piece. */
export const sseAnswer = (events: readonly string[]): DemoAnswer => ({
  status: 200,
  contentType: 'text/event-stream; charset=utf-8',
  pieces: events.map((event) => Buffer.from(event))
})
