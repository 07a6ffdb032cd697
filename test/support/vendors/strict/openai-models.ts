/** What OpenAI refuses by the model's name, in both of its protocols. */

/** https://github.com/enricoros/big-AGI/issues/947, https://github.com/theopenco/llmgateway/pull/2989 */
const ALWAYS_MEDIUM = /^(?:o\d|gpt-[34]|gpt-5-chat|gpt-5(?:\.[12])?-codex)/

export function refuseVerbosity(model: string, verbosity: string | null | undefined): void {
  if (!ALWAYS_MEDIUM.test(model) || (verbosity ?? 'medium') === 'medium') return
  throw new Error(
    `Unsupported value: '${verbosity}' is not supported with the '${model}' model. Supported values are: 'medium'.`
  )
}
