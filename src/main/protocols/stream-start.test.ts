import { expect, test } from 'vitest'
import { streamStart, type StreamStart } from './stream-start'

test.each<readonly [string, StreamStart]>([
  ['data: {}', 'events'],
  ['event: message', 'events'],
  ['id: 1', 'events'],
  ['retry: 5', 'events'],
  [': keep-alive', 'events'],
  ['\r\n\r\n\ndata:{}', 'events'],
  ['\uFEFFdata:{}', 'events'],
  ['[{"candidates":[]}]', 'list'],
  ['\uFEFF\n[', 'list'],
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
