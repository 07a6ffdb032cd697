/** Why nothing can be read of a file, in words for people. They repeat nothing of it, which may be a secret. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile'
}
