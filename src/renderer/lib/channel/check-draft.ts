import type { ChannelView } from '../../../shared/channel'
import { hasOpenField } from '../../../shared/preset-fields'
import { m } from '../messages'
import { budgetProblem } from '../budget-draft'
import { arePrices } from '../price-lines'
import type { ChannelDraft } from './channel-draft'
import { noErrors, type FieldErrors } from './field-errors'

/** What can be seen to be wrong without asking the API, in the order of the form. The API checks the rest. */
export function checkDraft(
  draft: ChannelDraft,
  { needsKey = false }: { readonly needsKey?: boolean } = {}
): FieldErrors {
  const errors = new Map<string, string>()
  if (draft.name.trim() === '') errors.set('name', m.channels_error_name())
  const url = urlProblem(draft.baseUrl.trim())
  if (url !== null) errors.set('baseUrl', url)
  if (needsKey && draft.apiKey.trim() === '') errors.set('apiKey', m.channels_error_key())
  if (draft.models.length === 0) errors.set('models', m.channels_error_models())
  if (hasDouble(draft.headers.map(({ name }) => name.toLowerCase()))) errors.set('headers', m.channels_error_double())
  if (hasDouble(draft.modelMap.map(({ name }) => name))) errors.set('modelMap', m.channels_error_double())
  checkLimits(draft, errors)
  return errors
}

function checkLimits({ budget, prices }: ChannelDraft, errors: Map<string, string>): void {
  const problem = budgetProblem(budget)
  if (problem !== null) errors.set('budget', problem)
  if (!arePrices(prices)) errors.set('prices', m.channels_error_prices())
  else if (hasDouble(prices.map(({ model }) => model))) errors.set('prices', m.channels_error_double())
}

/** A stored key is sent to the server that it was given for and to no other: the API asks for it again. */
export function checkMovedKey(draft: ChannelDraft, saved: ChannelView): FieldErrors {
  if (!saved.hasCredential || draft.apiKey !== '' || draft.removesKey) return noErrors
  const origin = URL.parse(draft.baseUrl.trim())?.origin
  const moved = origin !== undefined && origin !== URL.parse(saved.baseUrl)?.origin
  return moved ? new Map([['apiKey', m.channels_error_key_moved()]]) : noErrors
}

/** What is wrong with a base URL, and what is expected; null: nothing that can be seen. */
export function urlProblem(text: string): string | null {
  if (text === '') return m.channels_error_url_empty()
  if (hasOpenField(text)) return m.channels_error_url_open()
  const url = URL.parse(text)
  return url && /^https?:$/.test(url.protocol) ? null : m.channels_error_url()
}

function hasDouble(names: readonly string[]): boolean {
  const given = names.map((name) => name.trim()).filter((name) => name !== '')
  return new Set(given).size < given.length
}
