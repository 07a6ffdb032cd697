import { hash } from 'node:crypto'
import type { AnswerEvent } from './canonical-answer'
import { parseJson } from './foreign-json'
import { JsonEnd } from './json-end'
import { MOST_KEPT, type LinedPart, type PartsInOrder } from './parts-in-order'
import { newCallId } from './tool-ids'

type Emit = (event: AnswerEvent) => void

/** What one entry of a delta's calls says; null for what it does not. */
export interface CallDelta {
  readonly index: number | null
  readonly id: string | null
  readonly name: string | null
  /** A piece of the arguments. */
  readonly json: string | null
}

/** What a call takes in memory besides its name and arguments, in characters. */
const CALL_COST = 256

/** How an answer ends: told to be whole, told to be cut, or not told at all. */
export type Ending = 'whole' | 'cut' | 'untold'

/** A call that is put together. */
export interface Call {
  readonly part: LinedPart
  readonly index: number | null
  /** As the upstream gave it. */
  id: string | null
  /** It may come in pieces, until the arguments begin. */
  name: string
  readonly pieces: string[]
  /** Of the arguments, when it has ended. */
  digest: string
  readonly jsonEnd: JsonEnd
  /** Its name was told: pieces go on as they come. */
  isStarted: boolean
}

/**
 * Puts the deltas of a chat stream's calls together, in whatever order they come:
 *
 *     none --id or name--> begun --name and arguments--> started --more arguments--> full --anything else, finish--> ended
 *
 * A call is full when its arguments are one whole JSON value, so that no more of them can come; one that is not ends with the
 * answer alone, and what began after it waits for it (PartsInOrder). Arguments for a call that is full, and a call that is not
 * when the answer is whole, break it: something was lost on the way.
 */
export class CallDeltas {
  readonly #parts: PartsInOrder
  readonly #isWhole: boolean
  readonly #open = new Set<Call>()
  #latest: Call | null = null
  readonly #latestAt = new Map<number, Call>()
  readonly #byId = new Map<string, Call>()
  /** As they were told. */
  readonly #ids = new Set<string>()
  /** B21: what is kept of all calls that PartsInOrder does not count, in characters. */
  #kept = 0
  #isBroken = false

  /** `isWhole`: of an answer that is no stream, in which a call that something follows may have no arguments. */
  constructor(parts: PartsInOrder, isWhole: boolean) {
    this.#parts = parts
    this.#isWhole = isWhole
  }

  get isBroken(): boolean {
    return this.#isBroken
  }

  get hasCalls(): boolean {
    return this.#ids.size > 0
  }

  /**
   * The call that a delta goes on with; null for a new one. A new id with a name is a new call, whatever the index: some
   * vendors send none, others always 0. A new id alone tells nothing: others make one for each delta.
   */
  find(delta: CallDelta): Call | null {
    const call = this.#at(delta)
    return call === null || goesOn(call, delta) ? call : null
  }

  begin({ index, id }: CallDelta, emit: Emit): Call {
    this.leave(emit)
    const part = this.#parts.begin()
    const call: Call = { part, index, id, name: '', pieces: [], digest: '', jsonEnd: new JsonEnd(), isStarted: false }
    this.#open.add(call)
    this.#latest = call
    if (index !== null) this.#latestAt.set(index, call)
    this.#keep(CALL_COST)
    return call
  }

  add(call: Call, delta: CallDelta, emit: Emit): void {
    if (isOver(call)) {
      if (!isRepeated(call, delta)) this.#break()
      return
    }
    this.#take(call, delta, emit)
    if (isOver(call) && !this.#parts.isLast(call.part)) this.#end(call, emit)
  }

  /** Something else follows: the call before it is over if nothing of it can be missing. */
  leave(emit: Emit): void {
    const call = this.#latest
    if (call === null || call.part.isEnded) return
    if (isOver(call) || (this.#isWhole && call.pieces.length === 0)) this.#end(call, emit)
  }

  /** Ends the calls that are open. */
  finish(ending: Ending, emit: Emit): void {
    for (const call of this.#open) {
      if (this.#isBroken) return
      if (ending === 'cut' && !isFull(call)) this.#endCut(call, emit)
      else this.#end(call, emit, ending === 'whole')
    }
  }

  #take(call: Call, delta: CallDelta, emit: Emit): void {
    if (delta.id !== null) this.#identify(call, delta.id)
    if (delta.name !== null) this.#name(call, delta.name)
    if (delta.json !== null) this.#addInput(call, delta.json, emit)
    if (!call.isStarted && call.name !== '' && call.pieces.length > 0) this.#start(call, emit)
  }

  /** The call of that id, or else the last one of that index. */
  #at({ index, id }: CallDelta): Call | null {
    const known = id === null ? undefined : this.#byId.get(id)
    if (known !== undefined && isAt(known, index)) return known
    if (index === null) return this.#latest
    return this.#latestAt.get(index) ?? (this.#latest?.index === null ? this.#latest : null)
  }

  /** Some vendors give the id with a later delta, others another one with each. */
  #identify(call: Call, id: string): void {
    if (call.id !== null && call.isStarted) return
    call.id ??= id
    this.#byId.set(id, call)
  }

  /** The same name again is no piece of it: some vendors send it with each delta. */
  #name(call: Call, name: string): void {
    if (call.isStarted || name === call.name) return
    call.name += name
    this.#keep(name.length)
  }

  #addInput(call: Call, json: string, emit: Emit): void {
    call.pieces.push(json)
    call.jsonEnd.push(json)
    if (!call.isStarted) this.#keep(json.length)
    else this.#parts.add(call.part, { type: 'tool-input', json }, emit)
  }

  #start(call: Call, emit: Emit): void {
    call.isStarted = true
    const id = call.id === null || this.#ids.has(call.id) ? newCallId() : call.id
    this.#ids.add(id)
    this.#parts.add(call.part, { type: 'tool-start', id, name: call.name }, emit)
    for (const json of call.pieces) this.#parts.add(call.part, { type: 'tool-input', json }, emit)
  }

  /** The JSON is parsed once, at its end. `mayBeEmpty`: no arguments are `{}`. */
  #end(call: Call, emit: Emit, mayBeEmpty = false): void {
    const json = call.pieces.join('')
    const isEmpty = json === ''
    const isRight = isEmpty ? this.#isWhole || mayBeEmpty : parseJson(json) !== undefined
    if (call.name === '' ? !isEmpty : !isRight) {
      this.#break()
      return
    }
    if (call.name !== '') {
      if (!call.isStarted) this.#start(call, emit)
      this.#parts.add(call.part, { type: 'tool-end' }, emit)
    }
    this.#close(call, emit)
  }

  /** A call that was cut is the last thing that is told; one without any arguments is none. */
  #endCut(call: Call, emit: Emit): void {
    if (!call.isStarted) {
      this.#close(call, emit)
      return
    }
    this.#parts.add(call.part, { type: 'tool-end' }, emit)
    this.#forget()
  }

  #close(call: Call, emit: Emit): void {
    this.#open.delete(call)
    call.digest = digestOf(call.pieces.join(''))
    call.pieces.length = 0
    this.#parts.end(call.part, emit)
  }

  #keep(cost: number): void {
    this.#kept += cost
    if (this.#kept > MOST_KEPT) this.#break()
  }

  #break(): void {
    this.#isBroken = true
    this.#forget()
  }

  #forget(): void {
    this.#open.clear()
    this.#parts.drop()
  }
}

const isFull = (call: Call): boolean => call.part.isEnded || call.jsonEnd.isReached

/** Nothing more of it can come. */
const isOver = (call: Call): boolean => call.part.isEnded || (call.isStarted && isFull(call))

/** A name without an id may be a piece, or the same again, or of a new call where vendors number none of them. */
function goesOn(call: Call, delta: CallDelta): boolean {
  const { index, id, name } = delta
  if (name === null || call.name === '') return true
  if (id !== null || index === null) return id !== null && id === call.id
  if (isFull(call)) return isRepeated(call, delta)
  return name === call.name || call.pieces.length === 0
}

/** An index that is not told may be any. */
const isAt = (call: Call, index: number | null): boolean =>
  index === null || call.index === null || call.index === index

/** It says again what the call said, or nothing: some vendors send a call once more when it is whole. */
function isRepeated(call: Call, { name, json }: CallDelta): boolean {
  if (name !== null && name !== call.name) return false
  if (json === null || json.trim() === '') return true
  return call.part.isEnded ? digestOf(json) === call.digest : json === call.pieces.join('')
}

const digestOf = (json: string): string => hash('sha256', json)
