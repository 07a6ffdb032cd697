import { readFileSync, statSync } from 'node:fs'

/** What the kernel says of a process, all of its threads together. */
export interface ProcessStats {
  /** User and system time since its start, ms (in steps of 10). */
  readonly cpuMs: number
  /** Resident memory, MB of 1,000,000 bytes. */
  readonly rssMB: number
  /** The highest RSS since its start. */
  readonly peakRssMB: number
  /** Bytes that it made the storage layer write (proc(5): `write_bytes`); null where it can't be read. */
  readonly writtenBytes: number | null
}

/** Ticks of /proc/<pid>/stat: USER_HZ is 100 on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100

/** null where there is no /proc (not Linux), or no such process. */
export function processStats(pid: number): ProcessStats | null {
  const stat = readProc(pid, 'stat')
  const status = readProc(pid, 'status')
  if (stat === null || status === null) return null
  const io = readProc(pid, 'io')
  return {
    cpuMs: parseCpuMs(stat),
    rssMB: parseStatusMB(status, 'VmRSS'),
    peakRssMB: parseStatusMB(status, 'VmHWM'),
    writtenBytes: io === null ? null : parseWrittenBytes(io)
  }
}

/** CPU time out of /proc/<pid>/stat. The name, in brackets, may hold spaces and brackets itself. */
export function parseCpuMs(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const ticks = Number(fields[11]) + Number(fields[12])
  return (ticks * 1000) / TICKS_PER_SECOND
}

export function parseStatusMB(status: string, field: 'VmRSS' | 'VmHWM'): number {
  const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  return kib === undefined ? NaN : (Number(kib) * 1024) / 1e6
}

export function parseWrittenBytes(io: string): number {
  return Number(/^write_bytes: (\d+)$/m.exec(io)?.[1])
}

/**
 * Writes that the disk under `path` has completed since the machine's start, whoever asked for them; null where that
 * can't be known. (kernel: Documentation/admin-guide/iostats.rst, field 5)
 */
export function diskWrites(path: string): number | null {
  const { dev } = statSync(path)
  const major = (dev >> 8) & 0xfff
  const minor = (dev & 0xff) | ((dev >> 12) & 0xfff00)
  const line = readText('/proc/diskstats')
    ?.split('\n')
    .map((text) => text.trim().split(/\s+/))
    .find((fields) => fields[0] === String(major) && fields[1] === String(minor))
  return line === undefined ? null : Number(line[7])
}

function readProc(pid: number, file: 'stat' | 'status' | 'io'): string | null {
  return readText(`/proc/${pid}/${file}`)
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // Not Linux, not ours, or gone: the table shows a dash.
    return null
  }
}
