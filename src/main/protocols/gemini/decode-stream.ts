import type { TokenUsage } from '../../../shared/usage'
import type { AnswerEvent, HostedCallPart } from '../canonical-answer'
import type { Citation } from '../canonical'
import {
  isObject,
  jsonText,
  listIn,
  memberOf,
  objectIn,
  parseExactJson,
  textIn,
  type JsonObject
} from '../foreign-json'
import type { StreamEvent } from '../stream-event'
import { newCallId } from '../tool-ids'
import type { StreamDecoder } from '../translator'
import { decodeCitations, decodeMedia } from './content'
import { decodeFinish, isMalformed, needsExplanation } from './finish'
import { signatureOf } from './reasoning'
import { tokenUsage } from './usage'

type Emit = (event: AnswerEvent) => void

/**
 * Reads GenerateContentResponses: the chunks of a stream, or the one of a whole answer
 * (https://ai.google.dev/api/generate-content#GenerateContentResponse). Each part is a delta, but for calls, which come whole.
 * The stop reason is told at the close: some upstreams send one with every chunk, and usage grows until the last.
 */
export class ResponseReader {
  #isStarted = false
  #isTextOpen = false
  #hasCalls = false
  /** Anything but thoughts. */
  #hasSaid = false
  #isClosed = false
  /** The last stop reason that was seen; of a blocked prompt the block's. */
  #reason: string | null = null
  #explanation: string | null = null
  #usage: TokenUsage | null = null
  /** What can't be read right ends everything: no `end` follows. */
  #isBroken = false
  #code: string | null = null
  #search: string | null = null
  readonly #cited = new Map<string, Citation>()

  read(response: unknown, emit: Emit): void {
    if (this.#isBroken || !isObject(response)) return
    if (!this.#isStarted) {
      this.#isStarted = true
      emit({ type: 'start', id: textIn(response, 'responseId') ?? '', usage: null })
    }
    this.#usage = tokenUsage(objectIn(response, 'usageMetadata')) ?? this.#usage
    this.#readBlock(objectIn(response, 'promptFeedback'))
    const [candidate] = listIn(response, 'candidates')
    if (candidate !== undefined) this.#readCandidate(candidate, emit)
  }

  /** The answer was to be a call and came to nothing: told as an error, it is asked for again. */
  get failure(): string | null {
    if (this.#reason === null || this.#hasSaid || !isMalformed(this.#reason)) return null
    return this.#explanation ?? `The upstream ended its answer with finishReason ${this.#reason}`
  }

  /** The upstream is done. Answers nothing more after a cut. */
  close(emit: Emit): void {
    if (this.#isBroken || this.#isClosed || this.#reason === null || this.failure !== null) return
    this.#isClosed = true
    this.finish(emit)
    emit({ type: 'end' })
  }

  /** Of a whole answer, which is whole without a stop reason too. */
  finish(emit: Emit): void {
    const reason = this.#reason ?? 'STOP'
    const finished = decodeFinish(reason, this.#hasCalls)
    this.#tellHosted(emit)
    if (this.#explanation !== null && needsExplanation(reason)) {
      emit({ type: 'text-end' })
      emit({ type: finished === 'refusal' ? 'refusal' : 'text', text: this.#explanation })
    }
    emit({ type: 'finish', finish: { reason: finished, stopSequence: null, usage: this.#usage } })
  }

  #readBlock(feedback: JsonObject | null): void {
    const blocked = textIn(feedback, 'blockReason')
    if (blocked === null) return
    this.#reason = 'PROHIBITED_CONTENT'
    this.#explanation = textIn(feedback, 'blockReasonMessage') ?? this.#explanation
  }

  #readCandidate(candidate: unknown, emit: Emit): void {
    const fresh = this.#freshCitations(candidate)
    // They are of the text that is open: of a stream's, or of the whole answer's last.
    const isOpen = this.#isTextOpen
    if (isOpen) cite(fresh, emit)
    for (const part of listIn(memberOf(candidate, 'content'), 'parts')) {
      if (isObject(part) && !this.#isBroken) this.#readPart(part, emit)
    }
    if (!isOpen) cite(fresh, emit)
    const queries = listIn(memberOf(candidate, 'groundingMetadata'), 'webSearchQueries')
    if (queries.length > 0) this.#search = queries.filter((query) => typeof query === 'string').join('\n')
    this.#reason = textIn(candidate, 'finishReason') ?? this.#reason
    this.#explanation = textIn(candidate, 'finishMessage') ?? this.#explanation
  }

  /** Those that no earlier chunk told: upstreams repeat them. */
  #freshCitations(candidate: unknown): readonly Citation[] {
    return decodeCitations(candidate).filter((citation) => {
      const isFresh = !this.#cited.has(citation.url)
      if (isFresh) this.#cited.set(citation.url, citation)
      return isFresh
    })
  }

  #readPart(part: JsonObject, emit: Emit): void {
    const text = part['text']
    if (typeof text === 'string') this.#readText(text, part, emit)
    else if (isObject(part['functionCall'])) this.#readCall(part['functionCall'], part, emit)
    else if (isObject(part['executableCode'])) this.#readCode(part['executableCode'], emit)
    else if (isObject(part['codeExecutionResult'])) this.#readOutput(part['codeExecutionResult'], emit)
    else this.#readMedia(part, emit)
  }

  /** A signature stands before its part; where text is open already, behind it, so that the text stays one. */
  #readText(text: string, part: JsonObject, emit: Emit): void {
    const isThought = part['thought'] === true
    const isBehind = isThought || this.#isTextOpen
    if (!isBehind) this.#sign(part, emit)
    if (text !== '') {
      emit({ type: isThought ? 'reasoning' : 'text', text })
      this.#isTextOpen = !isThought
      if (!isThought) this.#hasSaid = true
    }
    if (isBehind) this.#sign(part, emit)
  }

  #sign(part: JsonObject, emit: Emit): void {
    const signature = signatureOf(part)
    if (signature === null) return
    emit({ type: 'signature', signature })
    this.#isTextOpen = false
  }

  /** A call in pieces (`willContinue`) comes only when it is asked for, which Routex never does. */
  #readCall(call: JsonObject, part: JsonObject, emit: Emit): void {
    const name = textIn(call, 'name')
    const json = jsonText(argsOf(call))
    if (name === null || json === null || call['willContinue'] === true) {
      this.#isBroken = true
      return
    }
    this.#sign(part, emit)
    emit({ type: 'tool-start', id: textIn(call, 'id') ?? newCallId(), name })
    emit({ type: 'tool-input', json })
    emit({ type: 'tool-end' })
    this.#isTextOpen = false
    this.#hasCalls = this.#hasSaid = true
  }

  #readMedia(part: JsonObject, emit: Emit): void {
    const media = part['thought'] === true ? null : decodeMedia(part)
    if (media === null) return
    this.#sign(part, emit)
    emit({ type: 'media', media })
    this.#hasSaid = true
    this.#isTextOpen = false
  }

  #readCode(code: JsonObject, emit: Emit): void {
    this.#tellCode(null, emit)
    this.#code = textIn(code, 'code') ?? ''
    this.#hasSaid = true
  }

  #readOutput(result: JsonObject, emit: Emit): void {
    this.#code ??= ''
    this.#tellCode(textIn(result, 'output') ?? '', emit)
  }

  #tellCode(output: string | null, emit: Emit): void {
    if (this.#code === null) return
    emit({ type: 'hosted-call', call: hostedCall('code_execution', this.#code, [], output) })
    this.#code = null
    this.#isTextOpen = false
  }

  #tellHosted(emit: Emit): void {
    this.#tellCode(null, emit)
    if (this.#search === null) return
    emit({ type: 'hosted-call', call: hostedCall('web_search', this.#search, [...this.#cited.values()], null) })
  }
}

/** Relays that come from OpenAI's protocol leave them as JSON text. */
function argsOf(call: JsonObject): JsonObject {
  const { args } = call
  const json = typeof args === 'string' ? parseExactJson(args) : args
  return isObject(json) ? json : {}
}

function cite(citations: readonly Citation[], emit: Emit): void {
  for (const citation of citations) emit({ type: 'citation', citation })
}

const hostedCall = (
  tool: HostedCallPart['tool'],
  input: string,
  sources: readonly Citation[],
  output: string | null
): HostedCallPart => ({ type: 'hosted-call', id: newCallId(), tool, input, sources, output })

export function createStreamDecoder(): StreamDecoder {
  const reader = new ResponseReader()
  return {
    get failure() {
      return reader.failure
    },
    push: (event: StreamEvent, emit) => {
      // OpenAI's end, which some relays send behind the stop reason.
      if (event.isDone) reader.close(emit)
      else reader.read(event.exactJson, emit)
    },
    close: (emit) => {
      reader.close(emit)
    }
  }
}
