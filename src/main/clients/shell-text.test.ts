import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, onTestFinished, test } from 'vitest'
import { makeTempDir } from '../../../test/support/temp-dir'
import { environmentText, quoted } from './shell-text'

const launch = (value: string) => ({
  args: ['-c', 'a=b c'],
  variables: [{ name: 'TEST_VALUE', value, secret: false }],
  unset: ['TEST_GONE']
})

test('whatever a value holds, sh gets it as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      const value = text.replaceAll(/[\0\r\n]/g, '')
      const script = `${environmentText('sh', 'x', launch(value))}printf '%s|%s' "$TEST_VALUE" "\${TEST_GONE-unset}"`
      const seen = execFileSync('sh', ['-c', script], {
        encoding: 'utf8',
        env: { TEST_GONE: '1', PATH: '/bin:/usr/bin' }
      })
      expect(seen).toBe(`${value}|unset`)
    }),
    { numRuns: 40 }
  )
})

test('with a program that needs arguments, sh gets a function of its name, and what is behind it is kept', async () => {
  const folder = await makeTempDir(onTestFinished)
  await writeFile(join(folder, 'tool'), '#!/bin/sh\nfor word; do printf "<%s>" "$word"; done\n', { mode: 0o755 })
  const { args, ...rest } = launch(`it's`)
  const text = environmentText('sh', 'tool', { ...rest, args: [...args, '-c', `x='"$HOME"'`] })
  for (const shell of ['sh', 'bash']) {
    // An alias of the same name would end in a syntax error.
    const script = `set -e\n[ -z "$BASH" ] || shopt -s expand_aliases\nalias tool='tool --old'\neval "$TEXT"\ntool exec "two words"`
    const seen = execFileSync(shell, ['-c', script], {
      encoding: 'utf8',
      env: { TEXT: text, PATH: `${folder}:/bin:/usr/bin` }
    })
    expect(seen).toBe(`<-c><a=b c><-c><x='"$HOME"'><exec><two words>`)
  }
})

test('each shell has its own words', () => {
  const value = `{"a":"it's"}`
  expect(environmentText('sh', 'x', launch(value))).toBe(
    `unset TEST_GONE\nexport TEST_VALUE='{"a":"it'\\''s"}'\nunalias x 2>/dev/null || true\nx() { command x -c 'a=b c' "$@"; }\n`
  )
  expect(environmentText('fish', 'x', launch(value))).toBe(
    `set -e TEST_GONE\nset -gx TEST_VALUE '{"a":"it\\'s"}'\nfunction x; command x -c 'a=b c' $argv; end\n`
  )
  expect(environmentText('powershell', 'x', launch(value))).toBe(
    `Remove-Item Env:TEST_GONE -ErrorAction SilentlyContinue\n$env:TEST_VALUE = '{"a":"it''s"}'\nfunction global:x { & (Get-Command x -CommandType Application, ExternalScript | Select-Object -First 1) '-c' 'a=b c' @args }\n`
  )
  expect(environmentText('cmd', 'x', launch(value))).toBe(
    `set "TEST_GONE="\nset "TEST_VALUE={"a":"it's"}"\ndoskey x=x -c "a=b c" $*\n`
  )
})

test('a plain word needs no quotes', () => {
  expect(quoted('sh', 'http://127.0.0.1:8080/v1')).toBe('http://127.0.0.1:8080/v1')
  expect(quoted('sh', '')).toBe("''")
})
