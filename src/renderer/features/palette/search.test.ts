import { expect, test } from 'vitest'
import type { Command } from './commands'
import { search } from './search'

const command = (label: string, change: Partial<Command> = {}): Command => ({
  id: label,
  group: 'actions',
  label,
  icon: 'play',
  keywords: [],
  run: () => undefined,
  ...change
})

const commands = [
  command('Overview', { keywords: ['overview'] }),
  command('日志', { keywords: ['logs'] }),
  command('Use only Anthropic main', { quiet: true }),
  command('Gateway: Pause for 15 min', { keywords: ['gateway', 'pause'] })
]
const found = (text: string): readonly string[] => search(commands, text).map(({ label }) => label)

test('without a text, everything but what is quiet, in its own order', () => {
  expect(found('  ')).toEqual(['Overview', '日志', 'Gateway: Pause for 15 min'])
})

test('letters in order find it, the best match first, quiet ones too', () => {
  expect(found('pau')[0]).toBe('Gateway: Pause for 15 min')
  expect(found('only anth')).toEqual(['Use only Anthropic main'])
})

test('the English word finds it in every language, and its own word too', () => {
  expect(found('logs')[0]).toBe('日志')
  expect(found('日')).toEqual(['日志'])
})

test('what is nowhere is not found', () => {
  expect(found('zzzz')).toEqual([])
})
