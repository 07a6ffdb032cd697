import { expect } from 'vitest'
import type { ProtocolId } from '../../../src/shared/protocol'
import type { Ask } from '../vendors/asks/ask'
import type { Heard } from '../vendors/heard/heard'
import type { Feature, Hears } from './feature'
import type { Kind } from './outcomes'
import { tokensIn } from './tokens'

const ORDER: readonly Kind[] = ['carried', 'changed', 'lost']

export const worse = (one: Kind, other: Kind): Kind => (ORDER.indexOf(one) > ORDER.indexOf(other) ? one : other)

/** What became of a request, by what its channel read. */
export const kindOfRequest = (feature: Feature, asked: Ask, read: Ask): Kind =>
  kindOf(feature.asked(asked), feature.asked(read))

/** What became of an answer, by what its client read: the worst that befell a part of it. */
export function kindOfAnswer(feature: Feature, client: ProtocolId, channel: ProtocolId, heard: Heard): Kind {
  const ids = heard.calls.map(({ id }) => id)
  // Gemini itself need not name its calls.
  if (client !== channel) expect(new Set(ids).size, 'each call has an id of its own').toBe(ids.length)
  if (client !== channel) expect(ids).not.toContain('')
  const said: Hears = {
    ...heard,
    refusal: heard.refusal ?? '',
    stop: heard.stop ?? '',
    calls: heard.calls.map(({ name, arguments: args }) => ({ name, arguments: args }))
  }
  const tokens = tokensIn(client, heard.usage)
  const all = tokens === null ? said : { ...said, tokens }
  const ideal = feature.hears(client, channel)
  const names = Object.keys(ideal) as (keyof Hears)[]
  return names.map((name) => kindOf(ideal[name], all[name])).reduce(worse, 'carried')
}

const isNothing = (value: unknown): boolean =>
  value === undefined || value === '' || value === false || (Array.isArray(value) && value.every(isNothing))

function kindOf(ideal: unknown, real: unknown): Kind {
  if (JSON.stringify(sorted(ideal)) === JSON.stringify(sorted(real))) return 'carried'
  return isNothing(real) ? 'lost' : 'changed'
}

/** Members of an object have no order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, one]) => [name, sorted(one)])
  )
}
