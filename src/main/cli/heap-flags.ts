/**
 * Left to itself, V8 lets the young generation grow to 108 MB under load and the old one to three times what lives in it,
 * its middle compiler keeps some 60 MB, and each of four helper threads an arena; none makes a relay faster
 * (bench/README.md, docs/decisions/0006). V8 takes these at the start of a process only.
 */
const HEAP_FLAGS: readonly string[] = [
  '--max-semi-space-size=2',
  '--no-maglev',
  '--heap-growing-percent=50',
  '--v8-pool-size=1'
]
/** glibc's malloc: one arena for all threads (mallopt(3)); other systems don't know it. */
const HEAP_ENVIRONMENT = { MALLOC_ARENA_MAX: '1' }

const isOwn = (argument: string): boolean =>
  HEAP_FLAGS.some((flag) => argument.startsWith(flag.split('=', 1)[0] ?? flag))

/**
 * Puts the same program with these flags in the place of this process, its id, files and signals kept (execve(2)). Does
 * nothing where one of the flags was given, where a parent talks to this process over IPC, or where the system can't: then
 * it just runs with more memory.
 */
export function restartWithHeapFlags(): void {
  const given = [...process.execArgv, ...(process.env['NODE_OPTIONS'] ?? '').split(' ')]
  if (given.some(isOwn) || process.channel !== undefined || process.platform === 'win32') return
  if (typeof process.execve !== 'function') return
  const args = [process.execPath, ...HEAP_FLAGS, ...process.execArgv, ...process.argv.slice(1)]
  process.execve(process.execPath, args, { ...HEAP_ENVIRONMENT, ...process.env })
}
