/** What OpenAI refuses by the model's name, in both of its protocols. */

/** https://github.com/enricoros/big-AGI/issues/947, https://github.com/theopenco/llmgateway/pull/2989 */
const ALWAYS_MEDIUM = /^(?:o\d|gpt-[34]|gpt-5-chat|gpt-5(?:\.[12])?-codex)/

export function refuseVerbosity(model: string, verbosity: string | null | undefined): void {
  if (!ALWAYS_MEDIUM.test(model) || (verbosity ?? 'medium') === 'medium') return
  throw new Error(
    `Unsupported value: '${verbosity}' is not supported with the '${model}' model. Supported values are: 'medium'.`
  )
}

const SAMPLING = ['frequency_penalty', 'presence_penalty', 'temperature', 'top_p'] as const

/** Of the models that search, whatever the values: https://github.com/vercel/ai/pull/5647 */
export function refuseSampling(
  model: string,
  request: Readonly<Partial<Record<(typeof SAMPLING)[number], unknown>>>
): void {
  if (!/^gpt-4o(?:-mini)?-search-preview/.test(model)) return
  const refused = SAMPLING.filter((name) => (request[name] ?? null) !== null)
  if (refused.length > 0) throw new Error(`Model incompatible request arguments supplied: ${refused.join(', ')}`)
}
