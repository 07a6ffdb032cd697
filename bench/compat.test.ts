import { describe, expect, it } from 'vitest'
import { parseAb, parseWrk } from './compat.ts'

describe('the field’s commands', () => {
  it('counts what ab calls failed and what was answered with another status', () => {
    const text = `
Complete requests:      10000
Failed requests:        3
   (Connect: 0, Receive: 0, Length: 3, Exceptions: 0)
Non-2xx responses:      2
Requests per second:    4321.50 [#/sec] (mean)
Percentage of the requests served within a certain time (ms)
  50%     22
  99%     41
 100%     57 (longest request)
`
    const outcome = { perSecond: 4321.5, requests: 10_000, failed: 5, latency: 'p50 22 ms, p99 41 ms' }
    expect(parseAb(text)).toEqual(outcome)
  })

  it('counts what wrk calls socket errors and non-2xx', () => {
    const text = `
  Latency Distribution
     50%   11.31ms
     75%   12.00ms
     99%   31.90ms
  246000 requests in 30.02s, 400.00MB read
  Socket errors: connect 0, read 1, write 2, timeout 3
  Non-2xx or 3xx responses: 4
Requests/sec:   8194.55
`
    expect(parseWrk(text)).toEqual({
      perSecond: 8194.55,
      requests: 246_000,
      failed: 10,
      latency: 'p50 11.31ms, p99 31.90ms'
    })
  })

  it('finds nothing failed in a clean report', () => {
    expect(parseWrk('  10 requests in 1.00s, 1MB read\nRequests/sec: 10.00\n').failed).toBe(0)
    expect(parseAb('Complete requests: 10\nFailed requests:        0\n').failed).toBe(0)
  })
})
