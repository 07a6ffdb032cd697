import type { Phrase, PhraseValueName } from '../../shared/phrase'
import { m } from './messages'

/** Any phrase takes some of these. */
const none: Readonly<Record<PhraseValueName, string>> = {
  ...{
    code: '',
    error: '',
    field: '',
    file: '',
    header: '',
    input: '',
    line: '',
    model: '',
    multiplier: '',
    n: '',
    name: ''
  },
  ...{ number: '', output: '', place: '', program: '', provider: '', size: '', start: '', table: '', transformer: '' },
  ...{ usd: '', variable: '' }
}

/** A phrase of the main process in the page's language; in the API's English where the page does not know the phrase. */
export function phraseText(phrase: Phrase | null | undefined, english: string): string {
  if (phrase === null || phrase === undefined) return english
  return m[`phrases_${phrase.code}`]({ ...none, ...phrase.values })
}
