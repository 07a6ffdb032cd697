import { inOtherWords, type RestCause } from '../../shared/rest-cause'
import { m } from './messages'

const words: Readonly<Record<RestCause, () => string>> = {
  limit: m.common_cause_limit,
  overload: m.common_cause_overload,
  quota: m.common_cause_quota
}

/** Why a channel is in trouble: Routex's words in the page's language, the upstream's as they are. */
export const causeText = (cause: string): string =>
  inOtherWords(
    cause,
    (kind) => words[kind](),
    (ours, told) => m.common_cause_told({ cause: ours, told })
  )
