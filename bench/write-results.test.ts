import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withResults } from './write-results.ts'

const README = readFileSync(join(import.meta.dirname, 'README.md'), 'utf8')

describe('writing the results', () => {
  it('replaces what stood between the marks of the README and nothing else', () => {
    const once = withResults(README, '% one %')
    const twice = withResults(once, '% two %')
    expect(twice).toBe(once.replace('% one %', '% two %'))
    expect(withResults(twice, '% one %')).toBe(once)
    expect(once.startsWith(README.slice(0, README.indexOf('<!--')))).toBe(true)
  })

  it('writes nothing into a document without the marks', () => {
    expect(() => withResults('# no place', 'x')).toThrow('marks')
  })
})
