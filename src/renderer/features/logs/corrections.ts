import { nearMiss } from '../../../shared/near-miss'
import { FIELDS, tokenText, type FilterNames, type FilterToken } from './filter-text'
import { valuesOf } from './suggestions'

const most = 3

/** What a token that is not understood may have meant, as tokens: the likeliest first. */
export function correctionsOf(token: FilterToken, names: FilterNames, models: readonly string[]): readonly string[] {
  const { field, value, text, problem } = token
  if (problem === 'repeated') return []
  if (field === null) {
    const meant = nearMiss(text.slice(0, text.indexOf(':')), FIELDS)
    const mended = FIELDS.find((name) => name === meant)
    return mended === undefined || value === '' ? [] : [tokenText(mended, value)]
  }
  const values = valuesOf(field, names, models)
  const wanted = value.toLowerCase()
  const alike = values.filter((known) => wanted !== '' && known.toLowerCase().includes(wanted))
  const near = nearMiss(value, values)
  return [...new Set([...alike, ...(near === undefined || value === '' ? [] : [near])])]
    .slice(0, most)
    .map((known) => tokenText(field, known))
}
