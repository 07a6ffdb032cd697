import { computeCommandScore } from 'bits-ui'
import type { Command } from './commands'

const longestList = 60

/** What is found by a text, the best first; without one, everything but what is quiet, in its own order. */
export function search(commands: readonly Command[], text: string): readonly Command[] {
  const needle = text.trim()
  if (needle === '') return commands.filter(({ quiet }) => quiet !== true).slice(0, longestList)
  return commands
    .map((command) => ({ command, score: computeCommandScore(command.label, needle, [...command.keywords]) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, longestList)
    .map(({ command }) => command)
}
