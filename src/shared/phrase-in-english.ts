import words from '../../messages/en/phrases.json'
import type { Phrase, PhraseCode } from './phrase'

const english: Readonly<Record<`phrases_${PhraseCode}`, string>> = words

/** A phrase for the command line, the log and whoever calls the API: in the words of the page's English. */
export const inEnglish = ({ code, values }: Phrase): string =>
  english[`phrases_${code}`].replaceAll(/\{(\w+)\}/g, (written, name: string) => values[name] ?? written)
