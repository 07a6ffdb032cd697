/**
 * What a translation could not carry: told in the answer's `x-routex-warnings` header and in the log, never silently dropped
 * (issue 4). docs/protocols.md is made from the same names.
 */
export const LOSSES = {
  tool: 'a tool without a name, or tools beyond the most that the model takes',
  hosted_tool: 'a tool that only its vendor carries out',
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

/** How many different ones are told: a client can send thousands of odd items. */
const MOST_TOLD = 20
const LONGEST_DETAIL = 80

/** Gathers what one request loses on its way to one channel; the same loss is told once. */
export class Losses {
  readonly #seen: Map<string, Loss>

  /** `before`: what was lost on the way up to here. */
  constructor(before?: Losses) {
    this.#seen = new Map(before === undefined ? [] : before.#seen)
  }

  add(name: LossName, detail: string | null = null): void {
    const key = `${name} ${detail ?? ''}`
    if (this.#seen.size < MOST_TOLD && !this.#seen.has(key)) this.#seen.set(key, { name, detail })
  }

  get all(): readonly Loss[] {
    return [...this.#seen.values()]
  }

  /** As the header and the log say it: `hosted_tool (computer_use_preview), top_k`. Printable ASCII. */
  toString(): string {
    return this.all.map(({ name, detail }) => (detail === null ? name : `${name} (${asAscii(detail)})`)).join(', ')
  }
}

/** A header carries nothing else (RFC 9110 5.5). Commas and brackets would look like ours. */
const asAscii = (text: string): string =>
  text
    .slice(0, LONGEST_DETAIL)
    .replaceAll('→', '->')
    .replaceAll(/[^\x20-\x7e]/g, '?')
    .replaceAll(/[(),]/g, ' ')
