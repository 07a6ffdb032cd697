import { z } from 'zod'

/** What the process ends with (docs/deployment.md). */
export const EXIT = { stopped: 0, failed: 1, badInput: 2, notFree: 3 } as const

/** What a user can mend by other arguments or another config file, and what another process has. */
const BY_CODE: Readonly<Record<string, number>> = {
  bad_arguments: EXIT.badInput,
  bad_config_file: EXIT.badInput,
  bad_environment: EXIT.badInput,
  keyless_beyond_loopback: EXIT.badInput,
  address_unavailable: EXIT.badInput,
  not_permitted: EXIT.badInput,
  data_folder_unusable: EXIT.badInput,
  port_taken: EXIT.notFree,
  data_folder_owned: EXIT.notFree
}

/** They end with 1, and yet their message says all that the user needs: which file, and what is wrong with it. */
const SELF_EXPLAINING: ReadonlySet<string> = new Set([
  'config_damaged',
  'config_newer',
  'key_file_damaged',
  'key_file_exposed',
  'runtime_too_old'
])

const coded = z.object({ code: z.string() })

/** The exit code for an error that ended the start. */
export function exitCodeOf(error: unknown): number {
  const code = coded.safeParse(error).data?.code
  return code !== undefined && Object.hasOwn(BY_CODE, code) ? (BY_CODE[code] ?? EXIT.failed) : EXIT.failed
}

/** True when the user can mend it by the message alone; else it should be told with where it came from. */
export function explainsItself(error: unknown): boolean {
  const code = coded.safeParse(error).data?.code
  return code !== undefined && (Object.hasOwn(BY_CODE, code) || SELF_EXPLAINING.has(code))
}
