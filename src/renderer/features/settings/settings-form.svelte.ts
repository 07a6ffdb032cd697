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

interface TypedLine {
  readonly value: string
  /** Where it stands, the first line being 1. */
  readonly line: number
}

/** The values of a list that was typed one a line, each once. */
export function typedLines(text: string): readonly TypedLine[] {
  const values = text
    .split('\n')
    .flatMap((typed, index) => typed.split(',').map((value) => ({ value, line: index + 1 })))
  const found = new Map<string, TypedLine>()
  for (const { value, line } of values) {
    const trimmed = value.trim()
    if (trimmed !== '' && !found.has(trimmed)) found.set(trimmed, { value: trimmed, line })
  }
  return [...found.values()]
}

/** Complaints about the field itself stand beside it, so they need not name it; of a list they name the line that was typed. */
function textAt(field: string, failure: ApiFailure, typed: string): string {
  const lines = typedLines(typed)
  const problems = readProblems(failure.details)
  const own = problems.flatMap(({ path, ...rest }) => {
    const problem = problemText({ path, ...rest })
    if (path === field) return [problem]
    const index = path.startsWith(`${field}[`) ? /^\d+(?=\]$)/.exec(path.slice(field.length + 1)) : null
    const line = index === null ? undefined : lines[Number(index[0])]?.line
    return line === undefined ? [] : [m.settings_line_problem({ line: String(line), problem })]
  })
  return own.length > 0 && own.length === problems.length ? own.join('\n') : failureText(failure)
}

/** The form of the settings: each field is saved as it is changed, and says beside itself when that failed. */
export class SettingsForm {
  readonly settings: SettingsState
  /** Why the last change of a field failed, by its name, until its next change. */
  readonly failures = new SvelteMap<string, string>()

  constructor(settings: SettingsState) {
    this.settings = settings
    for (const [field, { failure, text }] of settings.drafts) this.failures.set(field, textAt(field, failure, text))
  }

  /** `typed`: the text of a list, which is kept when it is refused. Resolves with whether it is in force now. */
  async change(field: string, patch: SettingsPatch, typed?: string): Promise<boolean> {
    this.failures.delete(field)
    const failure = await this.settings.update(patch)
    if (failure) this.failures.set(field, textAt(field, failure, typed ?? ''))
    if (failure === null) this.settings.drafts.delete(field)
    else if (typed !== undefined) this.settings.drafts.set(field, { text: typed, failure })
    return failure === null
  }
}
