import { beforeEach, expect, test } from 'vitest'
import { settings } from '../../../shared/settings'
import { i18n } from '../../lib/i18n.svelte'
import { settingName } from './setting-fields'

beforeEach(() => i18n.choose('en'))

/** Names as a preview of a restore has them: `port`, `startUp.atLogin`. */
const namesOf = (value: object, above = ''): string[] =>
  Object.entries(value).flatMap(([name, inner]: [string, unknown]) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? namesOf(inner, `${above}${name}.`)
      : [`${above}${name}`]
  )

test('every setting is called in words, not by its name in the config file', () => {
  const names = namesOf(settings.parse({}))
  expect(names).toContain('onlyChannel')
  expect(names.filter((name) => settingName(name) === name)).toEqual([])
})
