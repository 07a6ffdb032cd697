import { expect, test } from 'vitest'
import { readArguments } from './read-arguments'

const read = (line: string) => readArguments(line.split(' ').filter((word) => word !== ''))
const problemsOf = (line: string): readonly string[] => {
  const command = read(line)
  return command.kind === 'bad' ? command.problems : []
}

test('serve alone takes every default', () => {
  expect(read('serve')).toEqual({
    kind: 'serve',
    options: { host: null, port: null, dataDir: null, configPath: null, ui: true, logLevel: 'info', json: false }
  })
})

test('every option is read, with a space or an equals sign', () => {
  const line = 'serve --host=0.0.0.0 --port 0 --data-dir /data --config ./routex.json --no-ui --log-level=warn --json'
  expect(read(line)).toEqual({
    kind: 'serve',
    options: {
      host: '0.0.0.0',
      port: 0,
      dataDir: '/data',
      configPath: './routex.json',
      ui: false,
      logLevel: 'warn',
      json: true
    }
  })
})

test('of an option that is given twice the last one counts', () => {
  expect(read('serve --port 1 --port 2')).toMatchObject({ options: { port: 2 } })
})

test.each(['--help', '-h', 'serve --help', 'serve --bad -h'])('%s is a wish for help', (line) => {
  expect(read(line)).toEqual({ kind: 'help' })
})

test.each(['--version', '-v', 'serve --version'])('%s is a question for the version', (line) => {
  expect(read(line)).toEqual({ kind: 'version' })
})

test.each([
  ['', 'a command is missing: routex serve'],
  ['start', 'start: is not known: the commands are serve, clients, env and run'],
  ['serve now', 'now: is one word too many'],
  ['serve --prot 1', '--prot: is not known; did you mean --port?'],
  ['serve --colour', '--colour: is not known; see routex --help'],
  ['serve --port', '--port: needs a value'],
  ['serve --port=', '--port: needs a value'],
  ['serve --port 70000', '--port: must be a whole number from 0 to 65535'],
  ['serve --port 80a', '--port: must be a whole number from 0 to 65535'],
  ['serve --port -1', '--port: must be a whole number from 0 to 65535'],
  ['serve --json=yes', '--json: takes no value'],
  ['serve --log-level loud', '--log-level: must be one of debug, info, warn, error, silent']
])('"%s": %s', (line, problem) => {
  expect(problemsOf(line)).toContain(problem)
})

test('every mistake is told at once', () => {
  expect(problemsOf('serve --port x --log-level y --nope')).toHaveLength(3)
})
