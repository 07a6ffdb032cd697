/**
 * What a translation could not carry: told in the answer's `x-routex-warnings` header and in the log, never silently dropped
 * (issue 4). docs/protocols.md is made from the same names.
 */
export const LOSSES = {
  tool: 'a tool without a name or with another’s, or tools beyond the most that the model takes',
  hosted_tool: 'a tool that only its vendor carries out',
  client_tool: 'a tool of the client’s that only its vendor’s models know',
  tool_choice: 'a tool choice that the other side can not make',
  parallel_tools: 'switching parallel calls off',
  strict: 'strict tool parameters',
  json_schema: 'an output schema, or a part of one',
  max_tokens: 'a limit of the answer that the other side can not keep to exactly',
  temperature: 'a temperature outside the other side’s range',
  top_p: 'top_p',
  top_k: 'top_k',
  seed: 'seed',
  penalties: 'frequency and presence penalties',
  stop: 'stop sequences, or more of them than the other side takes',
  logprobs: 'log probabilities',
  logit_bias: 'logit bias',
  choices: 'more than one choice',
  reasoning: 'how much to reason',
  verbosity: 'verbosity',
  modalities: 'answers that are not text',
  image: 'an image',
  document: 'a document',
  audio: 'audio',
  video: 'video',
  file_id: 'a file that only its vendor holds',
  hosted_history: 'what a vendor’s own tool did in an earlier turn',
  history: 'an item of the conversation that the other side has no form for',
  service_tier: 'a service tier',
  metadata: 'metadata',
  prediction: 'a predicted output',
  safety: 'safety settings',
  truncation: 'truncation by the vendor',
  context_management: 'context management by the vendor',
  container: 'a container',
  background: 'background mode',
  prompt_template: 'a stored prompt',
  parameter: 'a parameter that is not known'
} as const satisfies Readonly<Record<string, string>>

export type LossName = keyof typeof LOSSES

export interface Loss {
  readonly name: LossName
  /** What exactly (`computer_use_preview`, `1.7 → 1`); null where the name says all. */
  readonly detail: string | null
}

/** A client can send millions of odd items; so many different ones of a name are kept apart. */
const MOST_COUNTED = 1000
/** Of one name. */
const MOST_DETAILS = 5
const LONGEST_DETAIL = 80
/** For the details of all names, beside which the names and their counts have room in a header, and in a row of the log. */
const ROOM_FOR_DETAILS = 1000

/** Gathers what one request loses on its way to one channel; the same loss is told once. */
export class Losses {
  /** What of each name, in the order in which it was found. */
  readonly #details: Map<LossName, Set<Loss['detail']>>

  /** `before`: what was lost on the way up to here. */
  constructor(before?: Losses) {
    this.#details = new Map()
    for (const { name, detail } of before?.all ?? []) this.add(name, detail)
  }

  add(name: LossName, detail: string | null = null): void {
    const details = this.#details.get(name)
    if (details === undefined) this.#details.set(name, new Set([detail]))
    else if (details.size < MOST_COUNTED) details.add(detail)
  }

  get all(): readonly Loss[] {
    return [...this.#details].flatMap(([name, details]) => [...details].map((detail) => ({ name, detail })))
  }

  /**
   * As the header and the log say it, in printable ASCII and at most 2,000 characters: each name with how many different ones
   * there are and the first of them, `hosted_tool (file_search), top_k, strict (29: a, b, c, d, e, ...)`.
   */
  toString(): string {
    let room = ROOM_FOR_DETAILS
    const entries = [...this.#details].map(([name, details]) => {
      const { told, length } = firstOf(details, room)
      room -= length
      return told === '' ? name : `${name} (${told})`
    })
    return entries.join(', ')
  }
}

/** What stands in the brackets behind a name; `length`: of the details in it. */
function firstOf(
  details: ReadonlySet<Loss['detail']>,
  room: number
): { readonly told: string; readonly length: number } {
  const words: string[] = []
  let length = 0
  for (const detail of details) {
    if (detail === null) continue
    const word = asAscii(detail)
    if (words.length === MOST_DETAILS || length + word.length > room) break
    words.push(word)
    length += word.length
  }
  if (details.size === 1) return { told: words.join(', '), length }
  const count = details.size < MOST_COUNTED ? `${details.size}` : `${MOST_COUNTED}+`
  if (words.length === 0) return { told: count, length }
  if (words.length < details.size) words.push('...')
  return { told: `${count}: ${words.join(', ')}`, length }
}

/** A header carries nothing else (RFC 9110 5.5). Commas and brackets would look like ours. */
const asAscii = (text: string): string =>
  text
    .slice(0, LONGEST_DETAIL)
    .replaceAll('→', '->')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .replaceAll(/[(),]/g, ' ')
