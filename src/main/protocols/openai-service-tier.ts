import { valueAt } from './answer-bytes'

const IN_TAIL = /"service_tier"\s*:\s*"([^"\\]*)"/

/** The tier that an unstreamed answer was served with; undefined where it tells none. */
export const serviceTierOf = (body: Buffer, tail: boolean): unknown =>
  tail ? IN_TAIL.exec(body.toString('latin1'))?.[1] : valueAt(body, 'service_tier')

/**
 * OpenAI tells the tier beside the usage, and the price of the usage depends on it (B32): so it is kept inside, where
 * Anthropic has it. `rawUsage` is the JSON text of an object; of anything else nothing is made.
 */
export function withServiceTier(rawUsage: string | null, tier: unknown): string | null {
  if (rawUsage === null || !rawUsage.startsWith('{')) return null
  if (typeof tier !== 'string') return rawUsage
  const members = rawUsage.slice(1, -1).trim()
  return `{${members}${members === '' ? '' : ','}"service_tier":${JSON.stringify(tier)}}`
}
