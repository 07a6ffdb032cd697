import { isDeepStrictEqual } from 'node:util'
import { createTwoFilesPatch } from 'diff'
import type { ClientPreview, DriftedKey, KeyChange } from '../../shared/clients'
import { keyText, valueAt, type KeyPath } from './formats/settings-format'
import { maskText, shownValue } from './mask'
import { settingsOf } from './owned-file'
import type { FilePlan, PlannedKey } from './plan-file'

/** A minified file is one line; a person reads the list of changes then. */
const MAX_LINE = 400
const CONTEXT_LINES = 3

function kindOf({ before, after }: PlannedKey): KeyChange['kind'] {
  if (isDeepStrictEqual(before, after)) return 'same'
  if (before === undefined) return 'add'
  return after === undefined ? 'remove' : 'replace'
}

/** What a plan does, key by key; those that stay as they are too. */
export const changesOf = ({ file, keys }: FilePlan): readonly KeyChange[] =>
  keys.map((planned) => ({
    file: file.path,
    key: keyText(planned.key),
    kind: kindOf(planned),
    before: shownValue(planned.before, planned.key.at(-1) ?? '', planned.secret),
    after: shownValue(planned.after, planned.key.at(-1) ?? '', planned.secret),
    ...(planned.theirs === true && { theirs: true })
  }))

export function driftOf(
  path: string,
  settings: Parameters<typeof valueAt>[0],
  key: KeyPath,
  secret: boolean
): DriftedKey {
  return { file: path, key: keyText(key), now: shownValue(valueAt(settings, key), key.at(-1) ?? '', secret) }
}

function secretsOf({ keys }: FilePlan): readonly string[] {
  return keys
    .filter(({ secret }) => secret)
    .flatMap(({ before, after }) => [before, after])
    .filter((value) => typeof value === 'string' && value !== '')
    .map(String)
}

function shortened(line: string): string {
  return line.length <= MAX_LINE ? line : `${line.slice(0, MAX_LINE)}… (${line.length} characters)`
}

function diffOf(plan: FilePlan): string {
  const { file, format, text } = plan
  if (text === file.text) return ''
  const secrets = secretsOf(plan)
  const shown = (one: string | null): string => maskText(one ?? '', settingsOf(format, one), secrets)
  const name = (one: string | null): string => (one === null ? '/dev/null' : file.path)
  const patch = createTwoFilesPatch(name(file.text), name(text), shown(file.text), shown(text), '', '', {
    context: CONTEXT_LINES
  })
  // The first line is a rule that separates files.
  return patch.split('\n').slice(1).map(shortened).join('\n')
}

function effectOf({ file, text }: FilePlan): ClientPreview['files'][number]['effect'] {
  if (text === file.text) return 'none'
  if (file.text === null) return 'create'
  return text === null ? 'delete' : 'change'
}

export const shownFile = (plan: FilePlan): ClientPreview['files'][number] => ({
  path: plan.file.path,
  diff: diffOf(plan),
  effect: effectOf(plan)
})

/** Keys that don't become what they were, as they are then. */
export const leftIn = ({ file, format, left, text }: FilePlan): readonly DriftedKey[] =>
  left.map(({ key, why }) => ({
    ...driftOf(file.path, settingsOf(format, text), key, false),
    ...(why && { why })
  }))
