import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
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

test('each shell has its own words', () => {
  const value = `{"a":"it's"}`
  expect(environmentText('sh', 'x', launch(value))).toBe(
    `unset TEST_GONE\nexport TEST_VALUE='{"a":"it'\\''s"}'\n# then: x -c 'a=b c'\n`
  )
  expect(environmentText('fish', 'x', launch(value))).toBe(
    `set -e TEST_GONE\nset -gx TEST_VALUE '{"a":"it\\'s"}'\n# then: x -c 'a=b c'\n`
  )
  expect(environmentText('powershell', 'x', launch(value))).toBe(
    `Remove-Item Env:TEST_GONE -ErrorAction SilentlyContinue\n$env:TEST_VALUE = '{"a":"it''s"}'\n# then: x -c 'a=b c'\n`
  )
  expect(environmentText('cmd', 'x', launch(value))).toBe(
    `set "TEST_GONE="\nset "TEST_VALUE={"a":"it's"}"\nrem then: x -c "a=b c"\n`
  )
})

test('a plain word needs no quotes', () => {
  expect(quoted('sh', 'http://127.0.0.1:8080/v1')).toBe('http://127.0.0.1:8080/v1')
  expect(quoted('sh', '')).toBe("''")
})
