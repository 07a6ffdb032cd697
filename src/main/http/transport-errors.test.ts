import { expect, test } from 'vitest'
import { toUpstreamError } from './transport-errors'

const failed = (code: string) => Object.assign(new Error(`connect ${code}`), { code })

test.each([
  { code: 'ECONNREFUSED', wasConnected: false, kind: 'connect' },
  { code: 'ECONNRESET', wasConnected: true, kind: 'reset' },
  { code: 'CERT_HAS_EXPIRED', wasConnected: false, kind: 'tls' },
  { code: 'EMFILE', wasConnected: false, kind: 'exhausted' },
  { code: 'ENFILE', wasConnected: false, kind: 'exhausted' }
])('$code is told as $kind', ({ code, wasConnected, kind }) => {
  expect(toUpstreamError(failed(code), wasConnected)).toMatchObject({
    code: kind,
    message: `connect ${code} (${code})`
  })
})

test('of several addresses that failed the first one’s error counts', () => {
  const error = new AggregateError([failed('EMFILE'), failed('ECONNREFUSED')])
  expect(toUpstreamError(error, false).code).toBe('exhausted')
})
