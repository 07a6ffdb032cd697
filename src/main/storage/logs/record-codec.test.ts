import { expect, test } from 'vitest'
import { makeRecord } from '../../../../test/support/request-record'
import type { ChannelId } from '../../../shared/ids'
import { requestRecord } from '../../../shared/request-log'
import { decodeRecord, encodeRecord } from './record-codec'

test('a record comes back as it was, whole or with everything unknown', () => {
  const whole = makeRecord({
    errorMessage: 'line\nbreak, "quotes" and 渠道',
    excluded: [{ channelId: 'ch_2' as ChannelId, channelName: 'Other', reason: 'cooling' }]
  })
  const empty = makeRecord({
    protocol: null,
    operation: null,
    clientKeyId: null,
    clientKeyName: null,
    client: null,
    sessionId: null,
    model: null,
    channelId: null,
    channelName: null,
    upstreamHost: null,
    sentModel: null,
    outcome: 'refused',
    errorCode: 'unknown_key',
    firstByteMs: null,
    usage: null,
    rawUsage: null,
    attempts: []
  })

  for (const record of [whole, empty]) {
    expect(decodeRecord(encodeRecord(record))).toEqual(record)
    expect(requestRecord.parse(decodeRecord(encodeRecord(record)))).toEqual(record)
  }
})

test('ids of state come back with their record, at most 200 and none that would have to be cut', () => {
  const ids = Array.from({ length: 300 }, (_, index) => `resp_${index}`)
  expect(decodeRecord(encodeRecord({ ...makeRecord(), stateIds: ids })).stateIds).toEqual(ids.slice(0, 200))
  const hostile = { ...makeRecord(), stateIds: ['resp_1', 'x'.repeat(257)] }
  expect(decodeRecord(encodeRecord(hostile)).stateIds).toEqual(['resp_1'])
})

test('a record without ids of state is as long as it was before there were any', () => {
  const record = makeRecord()
  expect(encodeRecord({ ...record, stateIds: [] })).toBe(encodeRecord(record))
})

test('a record is one line, so that a reader finds the next after any damage', () => {
  expect(encodeRecord(makeRecord({ errorMessage: 'a\nb\r\nc' }))).not.toMatch(/[\r\n]/)
})

test('what a client can make long is cut', () => {
  const long = 'x'.repeat(5_000_000)

  const text = encodeRecord(makeRecord({ path: long, model: long, sessionId: long, client: long, errorMessage: long }))

  expect(text.length).toBeLessThan(10_000)
  expect(decodeRecord(text).model).toBe('x'.repeat(500))
})

test.each([
  ['what is not JSON', '{"half'],
  ['another shape', '{"id": "x"}'],
  ['a version that is not known', encodeRecord(makeRecord()).replace('[1,', '[2,')],
  ['a value of the wrong kind', encodeRecord(makeRecord({ totalMs: 77.5 })).replace('77.5', '"77.5"')],
  ['an outcome that is not known', encodeRecord(makeRecord({ outcome: 'ok' })).replace('200,"ok"', '200,"fine"')],
  ['an id of state that is no text', encodeRecord({ ...makeRecord(), stateIds: ['s_1'] }).replace('"s_1"', '1')],
  ['a missing id', encodeRecord(makeRecord()).replace(/"req-\d+"/, 'null')]
])('%s is a bad record', (_, text) => {
  expect(() => decodeRecord(text)).toThrow(expect.objectContaining({ name: 'BadRecord' }))
})
