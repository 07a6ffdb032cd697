import { expect, test } from 'vitest'
import { m } from './messages'
import { i18n } from './i18n.svelte'
import { isolated } from './isolated-text'

test('a name that turns its direction turns nothing in the sentence around it', () => {
  i18n.choose('en')
  expect(m.channels_deleted({ name: 'evil\u202Egnp.exe' })).toBe('evilgnp.exe was deleted')
  expect(m.channels_deleted({ name: 'a\u2069\u202Eb' })).toBe('ab was deleted')
  expect(m.channels_deleted({ name: 'שלום' })).toBe('\u2068שלום\u2069 was deleted')
  i18n.choose('zh-CN')
  expect(m.channels_deleted({ name: 'مرحبا' })).toContain('\u2068مرحبا\u2069')
})

test('what reads from left to right is left as it is', () => {
  expect(isolated('Anthropic main – 中文 é 🎉')).toBe('Anthropic main – 中文 é 🎉')
  expect(isolated(12)).toBe(12)
})

test('an element of a name ends what the name turns', () => {
  const line = document.createElement('p')
  const name = document.createElement('span')
  name.textContent = '\u202Eabc'
  const after = document.createTextNode(' 12')
  line.append(name, after)
  document.body.append(line)
  const left = (node: Node): number => {
    const range = document.createRange()
    range.selectNodeContents(node)
    return range.getBoundingClientRect().left
  }
  expect(left(after)).toBeGreaterThan(left(name))
  line.remove()
})
