import { createHash } from 'node:crypto'

/**
 * An ASCII name for headers and file names, made from the name alone, so that it is the same after a restart (B24):
 * `Anthropic (work)` → `anthropic-work`. Where characters outside ASCII were lost, or nothing is left, six hex digits of
 * the name's SHA-256 follow, so that `渠道一` and `渠道二` differ. Never empty.
 */
export function slugOf(name: string): string {
  const readable = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9._]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
  const lossless = readable !== '' && /^[\x20-\x7e]*$/.test(name)
  if (lossless) return readable
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 6)
  return `${readable === '' ? 'channel' : readable}-${digest}`
}
