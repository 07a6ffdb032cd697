import { decodeCitation } from './anthropic/content'
import { redactedSignature } from './anthropic/reasoning'
import type { AnswerEvent } from './canonical-answer'
import { memberOf, objectIn, parseJson, textIn, type JsonObject } from './foreign-json'
import { MOST_KEPT } from './parts-in-order'
import { newCallId } from './tool-ids'

type Emit = (event: AnswerEvent) => void

/**
 * A call is told with its first piece of input: one that its limit ends before that must not look like a whole one. `input`: what
 * its start told already, as some vendors do; '' once a piece came. `length`: of the pieces, in characters.
 */
interface OpenCall {
  readonly kind: 'tool'
  readonly id: string
  readonly name: string
  isTold: boolean
  input: string
  readonly pieces: string[]
  length: number
}

/** A block that is open; `other`: one that says nothing more, or nothing that is known. */
export type OpenBlock =
  | { readonly kind: 'text' | 'other' }
  | { readonly kind: 'thinking'; signature: string }
  | OpenCall
  /** Of the vendor's own tool. */
  | { readonly kind: 'use'; readonly id: string; readonly pieces: string[]; readonly input: unknown }

/** What a block's start tells already goes on at once, but for a call. null: a call that does not say whose. */
export function beginBlock(block: JsonObject, emit: Emit): OpenBlock | null {
  switch (textIn(block, 'type')) {
    case 'text':
      emitText(block['text'], emit)
      return { kind: 'text' }
    case 'thinking':
      emitReasoning(block['thinking'], emit)
      return { kind: 'thinking', signature: textIn(block, 'signature') ?? '' }
    case 'redacted_thinking':
      emit({ type: 'signature', signature: redactedSignature(textIn(block, 'data') ?? '') })
      return { kind: 'other' }
    case 'tool_use':
      return beginCall(block)
    case 'server_tool_use':
      return { kind: 'use', id: textIn(block, 'id') ?? '', pieces: [], input: block['input'] }
    default:
      return { kind: 'other' }
  }
}

function beginCall(block: JsonObject): OpenCall | null {
  const name = textIn(block, 'name')
  if (name === null) return null
  const told = objectIn(block, 'input') ?? {}
  const input = Object.keys(told).length === 0 ? '' : JSON.stringify(told)
  return { kind: 'tool', id: textIn(block, 'id') ?? newCallId(), name, isTold: false, input, pieces: [], length: 0 }
}

function tellCall(call: OpenCall, emit: Emit): void {
  if (call.isTold) return
  call.isTold = true
  emit({ type: 'tool-start', id: call.id, name: call.name })
}

/** The end of a call, told with what is still to be told of it. */
export function endCall(call: OpenCall, emit: Emit): void {
  tellCall(call, emit)
  if (call.input !== '') emit({ type: 'tool-input', json: call.input })
  emit({ type: 'tool-end' })
}

/** A call of which nothing but its name came. */
export const isNameOnly = (open: OpenBlock): boolean =>
  open.kind === 'tool' && open.input === '' && open.pieces.length === 0

/** The pieces are parsed once, at their end; none are a call without input. */
export const isWhole = (open: OpenBlock): boolean =>
  open.kind !== 'tool' || open.pieces.length === 0 || parseJson(open.pieces.join('')) !== undefined

/** false: it belongs to another kind of block, or can't be read. */
export function readDelta(open: OpenBlock, delta: JsonObject, emit: Emit): boolean {
  switch (textIn(delta, 'type')) {
    case 'text_delta':
      return open.kind === 'text' && emitText(memberOf(delta, 'text'), emit)
    case 'citations_delta': {
      const citation = decodeCitation(memberOf(delta, 'citation'))
      if (citation !== null && open.kind === 'text') emit({ type: 'citation', citation })
      return open.kind === 'text'
    }
    case 'thinking_delta':
      return open.kind === 'thinking' && emitReasoning(memberOf(delta, 'thinking'), emit)
    case 'signature_delta':
      if (open.kind === 'thinking') open.signature = textIn(delta, 'signature') ?? ''
      return open.kind === 'thinking'
    case 'input_json_delta':
      return readInput(open, memberOf(delta, 'partial_json'), emit)
    default:
      return false
  }
}

function readInput(open: OpenBlock, json: unknown, emit: Emit): boolean {
  if (typeof json !== 'string') return false
  if (open.kind === 'use') open.pieces.push(json)
  else if (open.kind === 'tool' && json !== '') {
    open.input = ''
    open.pieces.push(json)
    open.length += json.length
    tellCall(open, emit)
    emit({ type: 'tool-input', json })
  }
  // B21
  return open.kind === 'use' || (open.kind === 'tool' && open.length <= MOST_KEPT)
}

function emitText(text: unknown, emit: Emit): boolean {
  if (typeof text === 'string' && text !== '') emit({ type: 'text', text })
  return typeof text === 'string'
}

function emitReasoning(text: unknown, emit: Emit): boolean {
  if (typeof text === 'string' && text !== '') emit({ type: 'reasoning', text })
  return typeof text === 'string'
}
