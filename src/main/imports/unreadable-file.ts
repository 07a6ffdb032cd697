import type { Phrase } from '../../shared/phrase'
import { inEnglish } from '../../shared/phrase-in-english'

/** Why nothing can be read of a file, in words for people. They repeat nothing of it, which may be a secret. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
  readonly phrase: Phrase

  constructor(phrase: Phrase, options?: ErrorOptions) {
    super(inEnglish(phrase), options)
    this.phrase = phrase
  }
}
