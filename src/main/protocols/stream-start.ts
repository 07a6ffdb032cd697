import { skipSpace } from './json-span'
import type { StreamFraming } from './protocol'

/** So many blank bytes at a body's beginning are waited through; more begin no stream. */
const BLANK_BYTES = 4096
const FIELDS = ['data:', 'event:', 'id:', 'retry:', ':']
const LONGEST_FIELD = 6

/** What a body's first bytes say: how a stream is framed, that it is none, or too little yet. */
export type StreamStart = StreamFraming | 'other' | 'unknown'

/** Knows a stream whose content type says something else, as relays and gateways send it. Reads a few bytes only. */
export function streamStart(beginning: Buffer): StreamStart {
  const at = skipSpace(beginning, 0)
  const text = beginning.toString('latin1', at, at + LONGEST_FIELD)
  if (text === '') return beginning.length < BLANK_BYTES ? 'unknown' : 'other'
  if (text.startsWith('[')) return 'json-array'
  if (FIELDS.some((field) => text.startsWith(field))) return 'sse'
  const mayBecome = ['\u00ef\u00bb\u00bf', ...FIELDS].some((field) => field.startsWith(text))
  return mayBecome ? 'unknown' : 'other'
}
