import { expect, test } from 'vitest'
import { isClientCommand } from './commands'
import { readClientArguments } from './read-client-arguments'

const common = { dataDir: null, json: false }
const read = (line: string) => readClientArguments(line.split(' ').filter((word) => word !== ''))

test.each([
  ['clients list', { kind: 'list' }],
  ['clients diff codex', { kind: 'diff', client: 'codex', restore: false, options: null }],
  ['clients diff codex --restore', { kind: 'diff', client: 'codex', restore: true, options: null }],
  [
    'clients apply claude-code --model opus=big --model small --create-folders',
    { kind: 'apply', client: 'claude-code', createFolders: true, options: { models: { opus: 'big', sonnet: 'small' } } }
  ],
  [
    'clients apply opencode --protocol gemini --model x',
    { kind: 'apply', client: 'opencode', createFolders: false, options: { models: { model: 'x' }, protocol: 'gemini' } }
  ],
  ['clients restore gemini-cli --json', { kind: 'restore', client: 'gemini-cli', json: true }],
  ['clients test codex --model m --data-dir /x', { kind: 'test', client: 'codex', model: 'm', dataDir: '/x' }],
  ['env codex --shell fish', { kind: 'env', client: 'codex', shell: 'fish' }],
  ['run codex -- exec --json -- x', { kind: 'run', client: 'codex', args: ['exec', '--json', '--', 'x'] }],
  ['run codex', { kind: 'run', client: 'codex', args: [] }]
])('%s', (line, command) => {
  expect(read(line)).toMatchObject({ kind: 'command', command: { ...common, ...command } })
})

test.each([
  ['clients', 'clients: needs a word: list, diff, apply, restore, test'],
  ['clients aply codex', 'aply: is not known; did you mean apply?'],
  ['clients apply', 'apply: needs a name: claude-code, codex, gemini-cli, opencode'],
  ['clients apply codx', 'codx: is not known; did you mean codex?'],
  ['clients list codex', 'codex: is one word too many'],
  ['clients list --model x', "--model: is none of list's options"],
  ['clients apply codex --model', '--model: needs a value'],
  ['clients apply codex --create-folders=yes', '--create-folders: takes no value'],
  ['clients apply codex --protocol smtp', '--protocol: must be one of anthropic'],
  ['env codex --shell tcsh', '--shell: must be one of sh, fish, powershell, cmd'],
  ['env codex --shel fish', '--shel: is not known; did you mean --shell?'],
  ['run codex exec', 'exec: is one word too many']
])('%s is refused with what is meant', (line, problem) => {
  const result = read(line)
  expect(result.kind === 'bad' ? result.problems.join('\n') : result).toContain(problem)
})

test('help is given whatever else is asked', () => {
  expect(read('clients aply --help')).toEqual({ kind: 'help' })
  expect(read('run codex -- --help')).toMatchObject({ kind: 'command' })
})

test('which commands ask the Routex that runs is told by the first word', () => {
  expect(
    ['clients', 'env', 'run', 'serve', '--help', undefined].map((word) =>
      isClientCommand(word === undefined ? [] : [word])
    )
  ).toEqual([...[true, true, true], ...[false, false, false]])
})
