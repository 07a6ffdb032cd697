import { expect, test } from 'vitest'
import { diffLines, isShortened } from './diff-lines'

const diff = [
  '--- /home/ada/.env',
  '+++ /home/ada/.env',
  '@@ -1,2 +1,2 @@',
  ' A=1',
  '--- is no head here',
  '+B=2',
  '\\ No newline at end of file',
  '@@ -9,1 +9,1 @@',
  ' Z=9',
  ''
].join('\n')

test('lines are told apart by what becomes of them, hunks by a gap, and the head is left out', () => {
  expect(diffLines(diff)).toEqual([
    { kind: 'keep', text: 'A=1' },
    { kind: 'remove', text: '-- is no head here' },
    { kind: 'add', text: 'B=2' },
    { kind: 'gap', text: '' },
    { kind: 'keep', text: 'Z=9' }
  ])
})

test('a diff with a line that was cut is known by it', () => {
  expect(isShortened(diff)).toBe(false)
  expect(isShortened('+{"a":1… (4012 characters)\n')).toBe(true)
})
