import { SvelteMap } from 'svelte/reactivity'
import { settings as settingsSchema, type Settings, type SettingsPatch } from '../../../shared/settings'
import { readProblems } from '../../../shared/read-problems'
import type { ApiFailure } from '../../lib/backend'
import { failureText } from '../../lib/failure-text'
import { problemText } from '../../lib/problem-text'
import type { SettingsState } from '../../lib/state/settings.svelte'

/** What unset means. */
export const defaults: Settings = settingsSchema.parse({})

/** A complaint about the field itself stands beside it, so it need not name it. */
function textAt(field: string, failure: ApiFailure): string {
  const [problem, ...others] = readProblems(failure.details)
  return problem?.path === field && others.length === 0 ? problemText(problem) : failureText(failure)
}

/** The form of the settings: each field is saved as it is changed, and says beside itself when that failed. */
export class SettingsForm {
  readonly settings: SettingsState
  /** Why the last change of a field failed, by its name, until its next change. */
  readonly failures = new SvelteMap<string, string>()

  constructor(settings: SettingsState) {
    this.settings = settings
  }

  async change(field: string, patch: SettingsPatch): Promise<void> {
    this.failures.delete(field)
    const failure = await this.settings.update(patch)
    if (failure) this.failures.set(field, textAt(field, failure))
  }
}
