import { PROTOCOLS } from '../../../shared/protocol'
import { outcome } from '../../../shared/request-log'
import { FIELDS, PIECE, tokenText, type Field, type FilterNames } from './filter-text'

/** What a piece that is being typed may become. `text` takes its place; one that ends in a colon goes on with its values. */
export interface Suggestion {
  readonly text: string
  readonly field: Field
}

const MOST = 8

/** Values that a field can have, those that are known or usual. */
export function valuesOf(
  field: Field,
  { channels, clientKeys }: FilterNames,
  models: readonly string[]
): readonly string[] {
  switch (field) {
    case 'status':
      return ['2xx', '4xx', '5xx', '429', '529', '>=400']
    case 'outcome':
      return ['error', ...outcome.options]
    case 'channel':
      return channels.map(({ name }) => name)
    case 'key':
      return clientKeys.map(({ name }) => name)
    case 'model':
      return models
    case 'protocol':
      return PROTOCOLS
    case 'since':
    case 'until':
      return ['15m', '1h', '24h', '7d', '30d']
    case 'client':
    case 'session':
      return []
  }
}

/** Where the piece that is being typed begins: the last word, or a field whose value goes on over it (`channel:anthropic m`). */
export function pieceStart(draft: string, names: FilterNames, models: readonly string[]): number {
  const pieces = [...draft.matchAll(PIECE)]
  const field = pieces.findLast(([piece]) => FIELDS.some((name) => piece.toLowerCase().startsWith(`${name}:`)))
  if (field && !isWhole(field[0], names, models)) return field.index
  const last = pieces.at(-1)
  return last && last.index + last[0].length === draft.length ? last.index : draft.length
}

/** A space ends it: its field has a value, with no open quotes, that no known value goes on from. */
export function isWhole(piece: string, names: FilterNames, models: readonly string[]): boolean {
  const at = piece.indexOf(':')
  const field = FIELDS.find((name) => name === piece.slice(0, at).toLowerCase())
  const value = piece.slice(at + 1)
  if (field === undefined || value === '' || value.split('"').length % 2 === 0) return false
  return !valuesOf(field, names, models).some((known) => known.toLowerCase().startsWith(`${value.toLowerCase()} `))
}

/** Fields that begin with what was typed, or values of the field that was named. */
export function suggest(piece: string, names: FilterNames, models: readonly string[]): readonly Suggestion[] {
  const at = piece.indexOf(':')
  const typed = piece
    .slice(at + 1)
    .toLowerCase()
    .replaceAll('"', '')
  if (at === -1) {
    return FIELDS.filter((field) => field.startsWith(typed)).map((field) => ({ text: `${field}:`, field }))
  }
  const field = FIELDS.find((name) => name === piece.slice(0, at).toLowerCase())
  if (field === undefined) return []
  return valuesOf(field, names, models)
    .filter((value) => value.toLowerCase().includes(typed) && value.toLowerCase() !== typed)
    .slice(0, MOST)
    .map((value) => ({ text: tokenText(field, value), field }))
}
