import type { Answer, AnswerEvent, AnswerPart } from './canonical-answer'

type Emit = (event: AnswerEvent) => void

/** A whole answer told as a stream: what AnswerBuilder puts together, taken apart. */
export function tellAnswer({ id, parts, finish }: Answer, emit: Emit): void {
  emit({ type: 'start', id, usage: null })
  for (const part of parts) tellPart(part, emit)
  emit({ type: 'finish', finish })
  emit({ type: 'end' })
}

export function tellPart(part: AnswerPart, emit: Emit): void {
  switch (part.type) {
    case 'text':
      if (part.text !== '') emit({ type: 'text', text: part.text })
      for (const citation of part.citations) emit({ type: 'citation', citation })
      emit({ type: 'text-end' })
      return
    case 'refusal':
      emit({ type: 'refusal', text: part.text })
      return
    case 'reasoning':
      if (part.text !== '') emit({ type: 'reasoning', text: part.text })
      emit(part.signature === null ? { type: 'reasoning-end' } : { type: 'signature', signature: part.signature })
      return
    case 'tool-call':
      emit({ type: 'tool-start', id: part.id, name: part.name })
      emit({ type: 'tool-input', json: part.input })
      emit({ type: 'tool-end' })
      return
    case 'media':
      emit({ type: 'media', media: part })
      return
    case 'hosted-call':
      emit({ type: 'hosted-call', call: part })
  }
}
