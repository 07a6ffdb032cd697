import fc from 'fast-check'
import { expect, test } from 'vitest'
import { slugOf } from './slug'

test.each([
  ['Anthropic (work)', 'anthropic-work'],
  ['gpt-4.1 box_2', 'gpt-4.1-box_2'],
  ['  ..main..  ', 'main'],
  ['Main', 'main']
])('B24 %s is readable as %s', (name, slug) => {
  expect(slugOf(name)).toBe(slug)
})

test('B24 names that lose characters stay apart by a hash', () => {
  expect(slugOf('Café')).toMatch(/^cafe-[0-9a-f]{6}$/)
  expect(slugOf('渠道一')).toMatch(/^channel-[0-9a-f]{6}$/)
  expect(slugOf('!!!')).toMatch(/^channel-[0-9a-f]{6}$/)
  expect(new Set(['渠道一', '渠道二', '!!!', '???', 'cafe', 'Café', 'cafe\u0301'].map(slugOf)).size).toBe(7)
})

test('B24 every name gives a header value and a file name, the same each time', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (name) => {
      expect(slugOf(name)).toMatch(/^[a-z0-9._-]+$/)
      expect(slugOf(name)).toBe(slugOf(name))
    })
  )
})
