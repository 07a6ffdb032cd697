import type { ImportPreview } from '../../shared/imports'
import { inEnglish } from '../../shared/phrase-in-english'
import type { Findings } from '../imports/findings'

/** A file that was looked at, as the API tells it. */
export const toldFile = ({ problem, ...file }: Findings['files'][number]): ImportPreview['files'][number] => ({
  ...file,
  problem: problem === null ? null : inEnglish(problem),
  problemPhrase: problem
})

/** What is not carried, as the API tells it. */
export const toldLoss = ({ from, source, what, why }: Findings['notCarried'][number]) =>
  ({
    ...{ source, from, why: inEnglish(why), whyPhrase: why },
    ...(typeof what === 'string' ? { what, whatPhrase: null } : { what: inEnglish(what), whatPhrase: what })
  }) satisfies ImportPreview['notCarried'][number]
