import { hash, randomUUID } from 'node:crypto'

/** A new id for a call whose protocol has none. */
export const newCallId = (): string => `call_${randomUUID().replaceAll('-', '').slice(0, 24)}`

/** The id of a call in a history that has none: the same in every request that repeats it, so that prompt caches hold. */
export const callIdOf = (turn: number, part: number, name: string): string => `call_${short(`${turn} ${part} ${name}`)}`

/** OpenAI takes ids of up to 64 characters, Anthropic only these letters. */
const FIT = /^[\w-]{1,64}$/

/** An id that every vendor takes: the same for the same, so that call and result still find each other. */
export const fitCallId = (id: string): string => (FIT.test(id) ? id : `call_${short(id)}`)

/** Mistral's form: https://github.com/mistralai/mistral-common */
const SHORT = /^[a-zA-Z\d]{9}$/

/** An id of nine letters and digits: the same for the same. */
export const shortCallId = (id: string): string => (SHORT.test(id) ? id : short(id).slice(0, 9))

const short = (text: string): string => hash('sha256', text, 'hex').slice(0, 24)
