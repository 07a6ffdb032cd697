import { describe, expect, it } from 'vitest'
import { parseCpuMs, parseStatusMB, parseWrittenBytes } from './process-stats.ts'

describe('process stats', () => {
  it('reads the CPU time behind a name with spaces and brackets', () => {
    const stat = '4242 (a (b) c) S 1 4242 4242 0 -1 4194560 1000 0 0 0 250 50 0 0 20 0 11 0 12345 0 0'
    expect(parseCpuMs(stat)).toBe(3000)
  })

  it('gives memory in MB of 1,000,000 bytes', () => {
    const status = 'VmPeak:\t  999 kB\nVmHWM:\t  200000 kB\nVmRSS:\t  125000 kB\n'
    expect(parseStatusMB(status, 'VmRSS')).toBe(128)
    expect(parseStatusMB(status, 'VmHWM')).toBe(204.8)
  })

  it('takes the bytes that went to storage, not those that were later taken back', () => {
    expect(parseWrittenBytes('wchar: 9\nwrite_bytes: 4096\ncancelled_write_bytes: 512\n')).toBe(4096)
  })
})
