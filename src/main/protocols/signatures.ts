import { PROTOCOLS, type ProtocolId } from '../../shared/protocol'
import type { Signature } from './canonical'
import { isList, parseJson } from './foreign-json'

/** Not part of any vendor's alphabet of signatures (base64), so that what was wrapped is known again. */
const PREFIX = 'routex:'

/**
 * A signature as it is handed to a client of protocol `own`: its own vendor's as it is, another's wrapped with its maker's
 * name, so that it comes back and finds its way to the vendor that can read it (B14).
 */
export const wrapSignature = ({ maker, value }: Signature, own: ProtocolId): string =>
  maker === own ? value : `${PREFIX}${maker}:${value}`

/** A signature and the text that it is of; null: it doesn't say. */
export interface Signed {
  readonly signature: Signature
  readonly text: string | null
}

/** Behind the maker's name: what follows is the JSON of value and text. It holds no line end. */
const WITH_TEXT = '+'

/**
 * The same for a client that may lose the text (Gemini's tools drop thoughts, OpenAI's SDK keeps a stream's last piece of the
 * reasoning): a maker takes its signature back with the very text that it signed and no other, so that another's carries it.
 */
export function wrapSigned({ maker, value }: Signature, text: string, own: ProtocolId): string {
  return maker === own ? value : `${PREFIX}${maker}${WITH_TEXT}${JSON.stringify([value, text])}`
}

/** In the place of a signature on what nobody signed, for a client that gives back nothing else that tells whose it is. */
export const UNSIGNED = `${PREFIX}unsigned`

/** Whether a client got it from a vendor of another protocol. */
export const isWrapped = (value: unknown): boolean => typeof value === 'string' && value.startsWith(PREFIX)

/** Begins ids that are made for clients, behind the protocol's own prefix, so that what they name is known again. */
export const MADE_UP = 'routex_'

/** What a client of protocol `own` sent back. */
export const unwrapSignature = (text: string, own: ProtocolId): Signature => unwrapSigned(text, own).signature

/** The same with the text, where it was wrapped with it. */
export function unwrapSigned(wrapped: string, own: ProtocolId): Signed {
  const plain = { signature: { maker: own, value: wrapped }, text: null }
  if (!wrapped.startsWith(PREFIX)) return plain
  const rest = wrapped.slice(PREFIX.length)
  const maker = PROTOCOLS.find((id) => rest.startsWith(`${id}:`) || rest.startsWith(`${id}${WITH_TEXT}`))
  if (maker === undefined) return plain
  const carried = rest.slice(maker.length + 1)
  if (!rest.startsWith(WITH_TEXT, maker.length)) return { signature: { maker, value: carried }, text: null }
  const read = parseJson(carried)
  const [value, text]: readonly unknown[] = isList(read) ? read : []
  return typeof value === 'string' && typeof text === 'string' ? { signature: { maker, value }, text } : plain
}
