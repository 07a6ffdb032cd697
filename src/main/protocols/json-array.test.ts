import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { protocols } from './registry'

const { gemini } = protocols

function read(chunks: readonly Buffer[]) {
  const reader = gemini.createStreamReader({ framing: 'json-array', operation: 'generate', dropUsageChunk: false })
  const forwarded: Buffer[] = []
  for (const chunk of chunks) reader.push(chunk, (bytes) => forwarded.push(bytes))
  reader.end((bytes) => forwarded.push(bytes))
  return { reader, facts: reader.facts, forwarded: Buffer.concat(forwarded).toString('utf8') }
}

const chunkOf = (text: string, more = ''): string =>
  `{"candidates":[{"content":{"parts":[{"text":${JSON.stringify(text)}}]}${more}}],"usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":3}}`
const FIRST = chunkOf('one ]}" \\" 渠道')
const LAST = chunkOf('two', ',"finishReason":"STOP"')
const WHOLE = `[${FIRST}\n,\r\n${LAST}\n]\n`

describe('Gemini’s array form', () => {
  test('B21 comes out as it came, however it is cut', () => {
    const bytes = Buffer.from(WHOLE)
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 40 }), (at) => {
        const ends = [...new Set([0, ...at, bytes.length])].sort((a, b) => a - b)
        const { facts, forwarded } = read(ends.slice(1).map((end, index) => bytes.subarray(ends[index] ?? 0, end)))
        expect(forwarded).toBe(WHOLE.trimEnd())
        expect(facts).toMatchObject({ finished: true, stopped: true, events: 2, usage: { input: 5, output: 3 } })
      })
    )
  })

  test('B02 that breaks off goes out in whole elements, and its ending makes it an array again', () => {
    const { reader, forwarded } = read([Buffer.from(`[${FIRST}\n,\r\n${LAST.slice(0, -5)}`)])
    expect(forwarded).toBe(`[${FIRST}`)
    expect(reader.facts.finished).toBe(false)
    const ending = gemini.brokenEnding('json-array', reader.facts, 'gone')
    expect(ending.kind).toBe('end')
    expect(JSON.parse(forwarded + (ending.kind === 'end' ? ending.bytes.toString() : ''))).toHaveLength(1)
  })

  test('B02 that closes without a stop reason is not told to be whole', () => {
    const { reader, forwarded } = read([Buffer.from(`[${FIRST}]`)])
    expect(forwarded).toBe(`[${FIRST}`)
    expect(reader.facts).toMatchObject({ finished: false, stopped: false })
    expect(gemini.brokenEnding('json-array', reader.facts, '')).toMatchObject({ bytes: Buffer.from(']') })
  })

  test('B01 an error element is not handed on, nor the comma before it', () => {
    const error = '{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}'
    expect(read([Buffer.from(`[${error}]`)])).toMatchObject({ forwarded: '', facts: { error: { status: 503 } } })
    expect(read([Buffer.from(`[${FIRST},${error}]`)]).forwarded).toBe(`[${FIRST}`)
  })

  test('B27 is mended by its bracket when the stop reason came', () => {
    const { reader } = read([Buffer.from(`[${LAST}`)])
    expect(gemini.mendedEnding('json-array', reader.facts)).toEqual({ kind: 'end', bytes: Buffer.from(']') })
  })

  test('B25 is kept alive by white space', () => {
    const alive = gemini.keepAlive('json-array', 1).toString()
    expect(JSON.parse(`[${FIRST}${alive},${LAST}${alive}]`)).toHaveLength(2)
  })

  test('an element over 256 KiB is handed on in pieces', () => {
    const big = `[${chunkOf('x'.repeat(400_000), ',"finishReason":"STOP"')}]`
    const { facts, forwarded } = read([
      Buffer.from(big.slice(0, 100_000)),
      Buffer.from(big.slice(100_000, 300_000)),
      Buffer.from(big.slice(300_000))
    ])
    expect(forwarded).toBe(big)
    expect(facts).toMatchObject({ finished: true, usage: { input: 5, output: 3 } })
  })
})
