import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dotenvText, jsonText, tomlText } from '../../../test/support/settings-texts'
import type { DesiredKey } from './client'
import { UnreadableText, valueAt, withValue, type KeyPath } from './formats/settings-format'
import { editText, settingsOf } from './owned-file'
import { planFile, planUndo, refreshFile } from './plan-file'
import type { SettingsFile } from './settings-file'

const fileWith = (text: string): SettingsFile => ({
  path: '/home/me/file',
  target: '/home/me/file',
  text,
  identity: { mode: 0o600, uid: 1, gid: 1, ino: 1, size: text.length, mtimeMs: 1, nlink: 1 },
  missingFolders: []
})

const desired = (keys: readonly (readonly [KeyPath, string])[]): DesiredKey[] =>
  keys.map(([key, value]) => ({ role: 'file', key: [...key], value }))

/** A format with texts of it, keys of ours, and a key of the user's. */
const cases = [
  {
    format: 'json' as const,
    texts: jsonText,
    ours: [['env', 'BASE_URL'], ['env', 'TOKEN'], ['model']],
    theirs: ['theirs']
  },
  {
    format: 'toml' as const,
    texts: tomlText,
    ours: [['model_provider'], ['model_providers', 'routex', 'base_url'], ['model_providers', 'routex', 'token']],
    theirs: ['theirs']
  },
  { format: 'dotenv' as const, texts: dotenvText, ours: [['BASE_URL'], ['GEMINI_API_KEY']], theirs: ['THEIRS'] }
]

test.each(cases)(
  'B40 $format: connecting and restoring gives the same bytes, also after the gateway moved',
  ({ format, texts, ours }) => {
    fc.assert(
      fc.property(texts, fc.boolean(), (plain, hasMark) => {
        const text = (hasMark ? '\uFEFF' : '') + plain
        const client = { role: 'file', path: '/home/me/file', format }
        const wanted = desired(ours.map((key, index) => [key, `value-${index}`]))
        const plan = planOrSkip(() => planFile(client, fileWith(text), null, wanted))
        const { owned, text: written } = plan
        if (owned === null || written === null) throw new Error('nothing was planned')
        const again = planFile(client, fileWith(written), owned, wanted)
        expect(again.text).toBe(written)
        const moved = desired(ours.map((key) => [key, 'moved']))
        const followed = refreshFile(client, fileWith(written), owned, moved)
        expect(planUndo(fileWith(written), owned).text).toBe(text)
        expect(followed.owned && planUndo(fileWith(followed.text ?? ''), followed.owned).text).toBe(text)
      }),
      { numRuns: 100 }
    )
  }
)

test.each(cases)(
  'B40 $format: what the user changed meanwhile stays, and what is ours goes back',
  ({ format, texts, ours, theirs }) => {
    fc.assert(
      fc.property(texts, fc.nat({ max: 2 }), (text, taken) => {
        const client = { role: 'file', path: '/home/me/file', format }
        const wanted = desired(ours.map((key, index) => [key, `value-${index}`]))
        const before = settingsOf(format, text)
        const { owned, text: written } = planOrSkip(() => planFile(client, fileWith(text), null, wanted))
        if (owned === null || written === null) throw new Error('nothing was planned')
        const changed = ours[taken % ours.length] ?? []
        const meanwhile = editText(format, written, [
          { key: theirs, value: 'theirs' },
          { key: changed, value: 'also theirs' }
        ])
        const { text: restored, left } = planUndo(fileWith(meanwhile), owned)
        expect(left).toEqual([{ key: changed }])
        const after = settingsOf(format, restored)
        expect([valueAt(after, theirs), valueAt(after, changed)]).toEqual(['theirs', 'also theirs'])
        const without = [theirs, changed].reduce((all, key) => withValue(all, key, undefined), after)
        const expected = [theirs, changed].reduce((all, key) => withValue(all, key, undefined), before)
        expect(withoutEmpty(without)).toEqual(withoutEmpty(expected))
      }),
      { numRuns: 100 }
    )
  }
)

/** A text in which a single value stands where a group belongs is refused, which other tests show. */
function planOrSkip<T>(plan: () => T): T {
  try {
    return plan()
  } catch (error) {
    fc.pre(!(error instanceof UnreadableText))
    throw error
  }
}

/** A group that holds nothing is no setting. */
function withoutEmpty(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Date) return value
  const members = Object.entries(value).map(([name, inner]) => [name, withoutEmpty(inner)] as const)
  return Object.fromEntries(members.filter(([, inner]) => !isDeepStrictEqual(inner, {})))
}
