import { describe, expect, test } from 'vitest'
import { LOSSES, Losses, type LossName } from './losses'

const NAMES = Object.keys(LOSSES) as LossName[]

function told(...lost: readonly (readonly [LossName, (string | null)?])[]): string {
  const losses = new Losses()
  for (const [name, detail = null] of lost) losses.add(name, detail)
  return losses.toString()
}

describe('What a translation lost', () => {
  test('is told by name, with what of it, in the order in which it was found', () => {
    expect(told(['client_tool', 'computer'], ['top_k'])).toBe('client_tool (computer), top_k')
  })

  test('is told once', () => {
    expect(told(['top_k'], ['seed'], ['top_k'], ['strict', 'a'], ['strict', 'a'])).toBe('top_k, seed, strict (a)')
  })

  test('has one entry a name, with how many there are and the first of them', () => {
    expect(told(['hosted_tool', 'mcp'], ['seed'], ['hosted_tool', 'file_search'])).toBe(
      'hosted_tool (2: mcp, file_search), seed'
    )
    expect(told(['strict'], ['strict', 'f'])).toBe('strict (2: f, ...)')
    const tools = Array.from({ length: 29 }, (_, index) => ['strict', `tool_${index}`] as const)
    expect(told(...tools, ['seed'], ['verbosity', 'low'])).toBe(
      'strict (29: tool_0, tool_1, tool_2, tool_3, tool_4, ...), seed, verbosity (low)'
    )
  })

  test('names every kind however many there are, in a header and a log row of bounded size', () => {
    const losses = new Losses()
    for (const name of NAMES) for (let index = 0; index < 2000; index++) losses.add(name, `${index}`.padEnd(100, 'x'))
    const text = losses.toString()
    for (const name of NAMES) expect(text).toMatch(new RegExp(`(^|, )${name} \\(1000\\+`))
    expect(text.length).toBeLessThanOrEqual(2000)
  })

  test('is printable ASCII, and looks like nothing of ours', () => {
    expect(told(['temperature', '1.7 → 1'], ['tool', 'é(a,b)'])).toBe('temperature (1.7 -> 1), tool (? a b )')
  })

  test('goes on from what was lost before, without changing that', () => {
    const before = new Losses()
    before.add('strict', 'a')
    const after = new Losses(before)
    after.add('strict', 'b')
    expect([before.toString(), after.toString()]).toEqual(['strict (a)', 'strict (2: a, b)'])
  })
})
