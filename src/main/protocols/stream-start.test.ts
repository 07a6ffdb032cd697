import { expect, test } from 'vitest'
import { streamStart, type StreamStart } from './stream-start'

test.each<readonly [string, StreamStart]>([
  ['data: {}', 'sse'],
  ['event: message', 'sse'],
  ['id: 1', 'sse'],
  ['retry: 5', 'sse'],
  [': keep-alive', 'sse'],
  ['\r\n\r\n\ndata:{}', 'sse'],
  ['\uFEFFdata:{}', 'sse'],
  ['[{"candidates":[]}]', 'json-array'],
  ['\uFEFF\n[', 'json-array'],
  ['{"data":[]}', 'other'],
  ['<!doctype html>', 'other'],
  ['database', 'other'],
  ['', 'unknown'],
  ['\n\n', 'unknown'],
  ['da', 'unknown'],
  ['\n'.repeat(4096), 'other']
])('%j begins %s', (text, start) => {
  expect(streamStart(Buffer.from(text))).toBe(start)
})

test('a byte order mark that is cut in two is waited for', () => {
  expect(streamStart(Buffer.from([0xef, 0xbb]))).toBe('unknown')
})
