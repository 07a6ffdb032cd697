import { randomUUID } from 'node:crypto'
import type { Signature } from '../canonical'
import type { Answer, AnswerEvent, Asked, Finish, HostedCallPart } from '../canonical-answer'
import { parseExactJson, isObject, type JsonObject } from '../foreign-json'
import { Grounding, encodeMedia } from './content'
import { encodeFinish } from './finish'
import { encodeSignature, wantsThoughts } from './reasoning'
import type { FinishReason, GenerateContentResponse, Part } from './wire'
import { encodeUsage } from './usage'

const NONE: readonly Part[] = []

/** Writes an answer's parts for a client of Gemini, event by event, and what stands beside the last of them. */
export class PartWriter {
  readonly grounding = new Grounding()
  readonly #showsThoughts: boolean
  #call: { readonly id: string; readonly name: string; readonly pieces: string[] } | null = null
  /** Of the thought that is open. */
  readonly #thought: string[] = []
  /** As it is written; the next part carries it. */
  #signature: string | null = null
  /** A call came whose arguments are no JSON. */
  isMalformed = false

  constructor(asked: Asked) {
    this.#showsThoughts = wantsThoughts(asked.body)
  }

  /** What this event becomes; a call with the event that ends it. */
  write(event: AnswerEvent): readonly Part[] {
    if (event.type !== 'tool-input') return this.#afterCall(this.#endCall(), event)
    this.#call?.pieces.push(event.json)
    return NONE
  }

  /** A signature that no part followed. */
  loneSignature(): readonly Part[] {
    return this.#signature === null ? NONE : [this.#signed({ text: '' })]
  }

  #afterCall(call: readonly Part[], event: AnswerEvent): readonly Part[] {
    if (event.type !== 'reasoning' && event.type !== 'signature') this.#thought.length = 0
    const parts = this.#write(event)
    return call.length === 0 ? parts : [...call, ...parts]
  }

  #write(event: AnswerEvent): readonly Part[] {
    if (event.type !== 'text' && event.type !== 'citation') this.grounding.endText()
    switch (event.type) {
      case 'text':
      case 'refusal':
        return this.#text(event.text)
      case 'citation':
        this.grounding.cite(event.citation)
        return NONE
      case 'reasoning':
        return this.#reasoning(event.text)
      case 'signature':
        return this.#sign(event.signature)
      case 'tool-start':
        this.#call = { id: event.id, name: event.name, pieces: [] }
        return NONE
      case 'media':
        return [this.#signed(encodeMedia(event.media))]
      case 'hosted-call':
        return this.#hosted(event.call)
      default:
        return NONE
    }
  }

  #text(text: string): readonly Part[] {
    if (text === '') return NONE
    this.grounding.addText(text)
    return [this.#signed({ text })]
  }

  /** A Gemini that was not asked for thoughts shows none. */
  #reasoning(text: string): readonly Part[] {
    this.#thought.push(text)
    const before = this.loneSignature()
    return this.#showsThoughts && text !== '' ? [...before, { text, thought: true }] : before
  }

  #sign(signature: Signature): readonly Part[] {
    const before = this.loneSignature()
    this.#signature = encodeSignature(signature, this.#thought.join(''))
    this.#thought.length = 0
    return before
  }

  #signed(part: Part): Part {
    if (this.#signature === null) return part
    const thoughtSignature = this.#signature
    this.#signature = null
    return { ...part, thoughtSignature }
  }

  /** Arguments that were cut, or that are no object, would be a call that its model did not make. */
  #endCall(): readonly Part[] {
    const call = this.#call
    if (call === null) return NONE
    this.#call = null
    const text = call.pieces.join('')
    const args = text === '' ? {} : parseExactJson(text)
    if (isObject(args)) return [this.#signed({ functionCall: { id: call.id, name: call.name, args } })]
    this.isMalformed = true
    return NONE
  }

  #hosted(call: HostedCallPart): readonly Part[] {
    if (call.tool === 'web_search') this.grounding.addSearch(call)
    else if (call.tool === 'web_fetch') this.grounding.addFetch(call)
    else {
      const code: Part = { executableCode: { code: call.input, language: 'PYTHON' } }
      const outcome = call.error === undefined ? 'OUTCOME_OK' : 'OUTCOME_FAILED'
      const output: Part = { codeExecutionResult: { outcome, output: call.output ?? '' } }
      return call.output === null ? [code] : [code, output]
    }
    return NONE
  }
}

/** A GenerateContentResponse: https://ai.google.dev/api/generate-content#GenerateContentResponse */
export function encodeAnswer(answer: Answer, asked: Asked): JsonObject {
  const writer = new PartWriter(asked)
  const parts: Part[] = []
  for (const event of eventsOf(answer)) parts.push(...writer.write(event))
  return { ...lastResponse(writer, answer.finish, asked, responseIdOf(answer.id), parts) }
}

/** The response that ends an answer: what is left of its parts, its stop reason and its usage. */
export function lastResponse(
  writer: PartWriter,
  finish: Finish,
  asked: Asked,
  responseId: string,
  parts: readonly Part[] = []
): GenerateContentResponse {
  const left = [...parts, ...writer.loneSignature()]
  const finishReason: FinishReason = encodeFinish(finish.reason, writer.isMalformed)
  return {
    candidates: [
      {
        index: 0,
        content: { role: 'model', parts: left.length > 0 ? left : [{ text: '' }] },
        finishReason,
        groundingMetadata: writer.grounding.metadata,
        urlContextMetadata: writer.grounding.fetched
      }
    ],
    usageMetadata: finish.usage === null ? undefined : encodeUsage(finish.usage),
    modelVersion: asked.model,
    responseId
  }
}

/** The upstream's own id; a new one where it has none. */
export const responseIdOf = (id: string): string => (id === '' ? randomUUID() : id)

/** The same answer as a stream would tell it. */
function* eventsOf({ parts }: Answer): Generator<AnswerEvent> {
  for (const part of parts) {
    switch (part.type) {
      case 'text':
        yield { type: 'text', text: part.text }
        for (const citation of part.citations) yield { type: 'citation', citation }
        yield { type: 'text-end' }
        break
      case 'refusal':
        yield { type: 'refusal', text: part.text }
        break
      case 'reasoning':
        yield { type: 'reasoning', text: part.text }
        if (part.signature !== null) yield { type: 'signature', signature: part.signature }
        break
      case 'tool-call':
        yield { type: 'tool-start', id: part.id, name: part.name }
        yield { type: 'tool-input', json: part.input }
        yield { type: 'tool-end' }
        break
      case 'media':
        yield { type: 'media', media: part }
        break
      case 'hosted-call':
        yield { type: 'hosted-call', call: part }
        break
    }
  }
}
