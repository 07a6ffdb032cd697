import { execFileSync } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeClientsWorld } from '../../../test/support/clients-world'
import { openTerminal, type TerminalCommand } from './terminal'

interface Started {
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

const command: TerminalCommand = {
  program: '/opt/it’s here/claude',
  args: ['--model', 'a b'],
  variables: [{ name: 'ANTHROPIC_AUTH_TOKEN', value: "rtx-'quoted'", secret: true }],
  unset: ['ANTHROPIC_API_KEY'],
  folder: '/tmp'
}

/** What would be started on a machine with these programs. */
async function open(platform: NodeJS.Platform, programs: readonly string[], env: Record<string, string> = {}) {
  const world = await makeClientsWorld()
  const bin = join(world.home, 'bin')
  await mkdir(bin)
  for (const name of programs) await writeFile(join(bin, name), '', { mode: 0o755 })
  const started: Started[] = []
  const scripts: string[] = []
  const machine = { ...world.machine, platform, env: { PATH: bin, ANTHROPIC_API_KEY: 'sk-shell', ...env } }
  const terminal = await openTerminal(
    {
      machine,
      start: async (program, args, { cwd, env: own }) => void started.push({ program, args, cwd, env: own }),
      placeScript: async (text) => {
        scripts.push(text)
        return '/data/clients/launch-x.command'
      }
    },
    command
  )
  const [only] = started
  if (only === undefined || started.length > 1) throw new Error('not one program was started')
  return { terminal, started: only, scripts, bin }
}

test('on Linux the first terminal that is there gets the environment, and stays open behind the client', async () => {
  const { terminal, started, bin } = await open('linux', ['xterm', 'konsole'])
  expect(terminal).toBe('konsole')
  expect(started.program).toBe(join(bin, 'konsole'))
  expect(started.args).toEqual(['-e', 'sh', '-c', '"$0" "$@"; exec "${SHELL:-sh}"', command.program, ...command.args])
  expect(started.env['ANTHROPIC_AUTH_TOKEN']).toBe("rtx-'quoted'")
  expect(started.env).not.toHaveProperty('ANTHROPIC_API_KEY')
  expect(started.args.join(' ')).not.toContain('rtx-')
})

test('the terminal that the user chose goes first', async () => {
  const { terminal } = await open('linux', ['mine', 'xterm'], { TERMINAL: 'mine' })
  expect(terminal).toBe('mine')
})

test('without a terminal it says what to do', async () => {
  await expect(open('linux', [])).rejects.toMatchObject({ code: 'not_found' })
})

test('on macOS a script sets the environment, and removes itself before anything else', async () => {
  const { started, scripts } = await open('darwin', [])
  expect([started.program, ...started.args]).toEqual([
    '/usr/bin/open',
    '-a',
    'Terminal',
    '/data/clients/launch-x.command'
  ])
  const [script = ''] = scripts
  expect(script.split('\n').slice(0, 2)).toEqual(['#!/bin/sh', 'rm -f -- "$0"'])
  const run = script
    .replace('rm -f -- "$0"', '')
    .replace(/^'\/opt.*$/m, `printf '%s|%s|%s' "$ANTHROPIC_AUTH_TOKEN" "\${ANTHROPIC_API_KEY-unset}" "$PWD"; exit`)
  const seen = execFileSync('sh', ['-c', run], {
    encoding: 'utf8',
    env: { ANTHROPIC_API_KEY: 'x', PATH: '/bin:/usr/bin' }
  })
  expect(seen).toBe("rtx-'quoted'|unset|/tmp")
  expect(script).toContain(`'/opt/it’s here/claude' --model 'a b'\n`)
})

test('on Windows a new console inherits the environment', async () => {
  const { started } = await open('win32', [], { ComSpec: 'C:\\Windows\\cmd.exe' })
  expect(started.args).toEqual([
    '/d',
    '/c',
    'start',
    '""',
    'C:\\Windows\\cmd.exe',
    '/k',
    command.program,
    '--model',
    'a b'
  ])
  expect(started.env['ANTHROPIC_AUTH_TOKEN']).toBe("rtx-'quoted'")
})
