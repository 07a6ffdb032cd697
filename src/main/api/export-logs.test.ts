import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import { makeRecord } from '../../../test/support/request-record'
import type { RequestRow } from '../../shared/request-log'

const row = (said: Partial<RequestRow> = {}): RequestRow => ({
  ...makeRecord(),
  costUsd: null,
  priceSource: null,
  ...said
})

async function exported(
  rows: readonly RequestRow[],
  params: object
): Promise<{ text: string; type: string; queries: unknown[] }> {
  const world = await makeApiWorld()
  world.rows.rows = [...rows]
  const { chunks, contentType } = world.api.stream('logs.export', params)
  let text = ''
  for await (const chunk of chunks) text += chunk
  return { text, type: contentType, queries: world.rows.queries }
}

test('JSON lines hold every row whole, read page by page', async () => {
  const rows = Array.from({ length: 1201 }, () => row())
  const { text, type, queries } = await exported(rows, { format: 'jsonl', filter: { outcome: ['ok'] } })
  const lines = text.trimEnd().split('\n')
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(rows)
  expect(type).toBe('application/jsonl; charset=utf-8')
  expect(queries).toEqual([
    { limit: 500, cursor: undefined, filter: { outcome: ['ok'] } },
    { limit: 500, cursor: '500', filter: { outcome: ['ok'] } },
    { limit: 500, cursor: '1000', filter: { outcome: ['ok'] } }
  ])
})

test('CSV has a head and a line for each row, its unknowns empty', async () => {
  const { text, type } = await exported([row({ id: row().id, usage: null, costUsd: 0.25 })], { format: 'csv' })
  const [head = '', line = '', rest] = text.split('\r\n')
  const cells = Object.fromEntries(head.split(',').map((name, index) => [name, line.split(',')[index]]))
  expect(cells).toMatchObject({
    at: '2026-01-01T00:00:00.000Z',
    model: 'claude-sonnet-4-5',
    attempts: '1',
    input_tokens: '',
    cost_usd: '0.25',
    demo: 'false'
  })
  expect([rest, type]).toEqual(['', 'text/csv; charset=utf-8'])
})

test.each([
  ['a,b', '"a,b"'],
  ['say "hi"', '"say ""hi"""'],
  ['two\nlines', '"two\nlines"'],
  ['=HYPERLINK("http://evil.example")', `"'=HYPERLINK(""http://evil.example"")"`],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"]
])('the model name %j is the cell %j', async (model, cell) => {
  const { text } = await exported([row({ model })], { format: 'csv' })
  expect(text).toContain(`,${cell},true,`)
})

test('an empty log is an empty file, in CSV its head', async () => {
  expect((await exported([], { format: 'jsonl' })).text).toBe('')
  expect((await exported([], { format: 'csv' })).text).toMatch(/^id,at,.*,demo\r\n$/)
})
