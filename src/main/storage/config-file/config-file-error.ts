import { formatProblem, type Problem } from '../../../shared/validation'

/** The config file can't be used. Its message names every problem with its path and what is allowed, and no secret. */
export class ConfigFileError extends Error {
  override readonly name = 'ConfigFileError'
  readonly code = 'bad_config_file'
  readonly status = 400
  readonly retryable = false
  readonly file: string
  readonly problems: readonly Problem[]

  constructor(file: string, problems: readonly Problem[], options?: { readonly cause?: unknown }) {
    super(`${file} can't be used:\n${problems.map((problem) => `  ${formatProblem(problem)}`).join('\n')}`, options)
    this.file = file
    this.problems = problems
  }
}
