import type { Answer, AnswerEvent, AnswerPart, Finish } from './canonical-answer'
import type { Citation, Signature } from './canonical'

const UNFINISHED: Finish = { reason: 'stop', stopSequence: null, usage: null }

type Open =
  | { readonly kind: 'text' | 'refusal'; readonly pieces: string[]; readonly citations: Citation[] }
  | { readonly kind: 'reasoning'; readonly pieces: string[]; signature: Signature | null }
  | { readonly kind: 'tool'; readonly id: string; readonly name: string; readonly pieces: string[] }

/** Puts a streamed answer together to a whole one, for encoders whose last event repeats it. */
export class AnswerBuilder {
  readonly #parts: AnswerPart[] = []
  #open: Open | null = null
  /** Of the last text, which may be over by now. */
  #citations: Citation[] | null = null
  #id = ''
  #finish = UNFINISHED

  add(event: AnswerEvent): void {
    switch (event.type) {
      case 'start':
        this.#id = event.id
        return
      case 'text':
      case 'refusal':
      case 'citation':
        this.#addText(event)
        return
      case 'reasoning':
      case 'signature':
        this.#addReasoning(event)
        return
      case 'tool-start':
      case 'tool-input':
        this.#addTool(event)
        return
      default:
        this.#close()
        if (event.type === 'media') this.#parts.push(event.media)
        else if (event.type === 'hosted-call') this.#parts.push(event.call)
        else if (event.type === 'finish') this.#finish = event.finish
    }
  }

  get answer(): Answer {
    return { id: this.#id, parts: this.#parts, finish: this.#finish }
  }

  #addText(event: Extract<AnswerEvent, { type: 'text' | 'refusal' | 'citation' }>): void {
    const kind = event.type === 'refusal' ? 'refusal' : 'text'
    if (this.#open?.kind !== kind) {
      if (event.type === 'citation' && this.#citations !== null) {
        this.#citations.push(event.citation)
        return
      }
      this.#close()
      this.#open = { kind, pieces: [], citations: [] }
      if (kind === 'text') this.#citations = this.#open.citations
    }
    if (event.type !== 'citation') this.#open.pieces.push(event.text)
    else if (this.#open.kind === 'text') this.#open.citations.push(event.citation)
  }

  /** A signature ends its reasoning: what follows is other reasoning. */
  #addReasoning(event: Extract<AnswerEvent, { type: 'reasoning' | 'signature' }>): void {
    if (this.#open?.kind !== 'reasoning') {
      this.#close()
      this.#open = { kind: 'reasoning', pieces: [], signature: null }
    }
    if (event.type === 'reasoning') {
      this.#open.pieces.push(event.text)
      return
    }
    this.#open.signature = event.signature
    this.#close()
  }

  #addTool(event: Extract<AnswerEvent, { type: 'tool-start' | 'tool-input' }>): void {
    if (event.type === 'tool-start') {
      this.#close()
      this.#open = { kind: 'tool', id: event.id, name: event.name, pieces: [] }
    } else if (this.#open?.kind === 'tool') this.#open.pieces.push(event.json)
  }

  #close(): void {
    const open = this.#open
    if (open === null) return
    this.#open = null
    const text = open.pieces.join('')
    switch (open.kind) {
      case 'text':
        this.#parts.push({ type: 'text', text, cache: null, citations: open.citations })
        return
      case 'refusal':
        this.#parts.push({ type: 'refusal', text })
        return
      case 'reasoning':
        this.#parts.push({ type: 'reasoning', text, signature: open.signature })
        return
      case 'tool':
        this.#parts.push({
          type: 'tool-call',
          id: open.id,
          name: open.name,
          input: text === '' ? '{}' : text,
          cache: null
        })
        return
    }
  }
}
