import { SvelteMap } from 'svelte/reactivity'
import { settings as settingsSchema, type Settings, type SettingsPatch } from '../../../shared/settings'
import { readProblems } from '../../../shared/read-problems'
import type { ApiFailure } from '../../lib/backend'
import { failureText } from '../../lib/failure-text'
import { problemText } from '../../lib/problem-text'
import type { SettingsState } from '../../lib/state/settings.svelte'
import { m } from '../../lib/messages'

/** What unset means. */
export const defaults: Settings = settingsSchema.parse({})

/** Complaints about the field itself stand beside it, so they need not name it; of a list they name the line. */
function textAt(field: string, failure: ApiFailure): string {
  const problems = readProblems(failure.details)
  const lines = problems.map((problem) => ({ line: lineOf(field, problem.path), problem: problemText(problem) }))
  const own = lines.flatMap(({ line, problem }) => {
    if (line === null) return []
    return [line === 'whole' ? problem : m.settings_line_problem({ line: String(line), problem })]
  })
  return own.length > 0 && own.length === problems.length ? own.join('\n') : failureText(failure)
}

/** Which line of a field a path is about, the first being 1; null: it is about another field. */
function lineOf(field: string, path: string): number | 'whole' | null {
  if (path === field) return 'whole'
  const index = path.startsWith(`${field}[`) ? /^\d+(?=\]$)/.exec(path.slice(field.length + 1)) : null
  return index === null ? null : Number(index[0]) + 1
}

/** The form of the settings: each field is saved as it is changed, and says beside itself when that failed. */
export class SettingsForm {
  readonly settings: SettingsState
  /** Why the last change of a field failed, by its name, until its next change. */
  readonly failures = new SvelteMap<string, string>()

  constructor(settings: SettingsState) {
    this.settings = settings
  }

  /** Resolves with whether it is in force now. */
  async change(field: string, patch: SettingsPatch): Promise<boolean> {
    this.failures.delete(field)
    const failure = await this.settings.update(patch)
    if (failure) this.failures.set(field, textAt(field, failure))
    return failure === null
  }
}
