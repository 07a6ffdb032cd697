import { z } from 'zod'
import { phraseSchema } from '../../shared/phrase'
import type { Problem } from '../../shared/problem'
import { readProblems } from '../../shared/read-problems'
import { m } from './messages'
import type { ApiFailure } from './backend'
import { fileProblemWords } from './client/file-problem-text'
import { phraseText } from './phrase-text'
import { problemText } from './problem-text'

/** Names in an error's details; what is not there is null. */
const details = z.looseObject({}).catch({})
const names = z.object({
  channel: z.string().nullable().catch(null),
  reason: z.string().nullable().catch(null),
  other: z.string().nullable().catch(null),
  host: z.string().nullable().catch(null),
  port: z.number().nullable().catch(null),
  owner: z.string().nullable().catch(null),
  path: z.string().nullable().catch(null),
  phrase: phraseSchema.nullable().catch(null)
})
type Known = z.infer<typeof names> & { readonly message: string }

/** null: not without a name that is missing. */
type Words = (known: Known) => string | null

const withHost =
  (words: (inputs: { host: string }) => string): Words =>
  ({ host }) =>
    host === null ? null : words({ host })

/** What is wrong with a file of a client's settings. Two of these codes have a meaning without a path too. */
const ofClientFiles: Readonly<Record<string, Words>> = Object.fromEntries(
  Object.entries(fileProblemWords).map(([code, words]): [string, Words] => [
    code,
    ({ path }) => (path === null ? (ofThePage[code]?.() ?? null) : words({ path }))
  ])
)
const ofThePage: Readonly<Record<string, () => string>> = {
  unreadable: m.errors_unreadable,
  too_large: m.errors_too_large
}

function unfit({ channel, reason }: Known): string | null {
  if (channel === null) return null
  switch (reason) {
    case 'protocol':
      return m.errors_unfit_protocol({ channel })
    case 'model':
      return m.errors_unfit_model({ channel })
    case 'disabled':
      return m.errors_unfit_disabled({ channel })
    case 'not_allowed':
      return m.errors_unfit_not_allowed({ channel })
    default:
      return null
  }
}

function portTaken({ port, owner }: Known): string | null {
  if (port === null) return null
  return owner === null
    ? m.errors_port_taken({ port: String(port) })
    : m.errors_port_taken_by({ port: String(port), owner })
}

/** What each code of the API, and of this side, says in the page's language. Any other is told in the API's own words. */
export const FAILURE_WORDS: Readonly<Record<string, Words>> = {
  ...ofClientFiles,
  changed_meanwhile: m.errors_client_changed_meanwhile,
  not_connected: m.errors_client_not_connected,
  record_lost: m.errors_client_record_lost,
  other_routex: m.errors_client_other_routex,
  write_failed: m.errors_client_write_failed,
  bad_option: m.errors_client_bad_option,
  cannot_launch: m.errors_client_cannot_launch,

  unreachable: m.errors_unreachable,
  unexpected: ({ message }) => m.errors_unexpected({ why: message }),
  export_broken: m.errors_export_broken,

  unauthorized: m.errors_unauthorized,
  forbidden: m.errors_forbidden,
  not_found: m.errors_not_found,
  session_gone: m.errors_session_gone,
  import_gone: m.errors_import_gone,
  import_empty: m.errors_import_empty,
  cannot_turn_off: m.errors_cannot_turn_off,
  prices_not_agreed: m.errors_prices_not_agreed,
  gateway_off: m.errors_gateway_off,
  gateway_silent: m.errors_gateway_silent,
  no_client_key: m.errors_no_client_key,
  key_unreadable: m.errors_key_unreadable,
  channel_unfit: unfit,
  demo_offline: m.errors_demo_offline,
  export_under_way: m.errors_export_under_way,
  export_unwritable: ({ reason }) => (reason === null ? null : m.errors_export_unwritable({ reason })),
  internal: ({ message }) => (message.startsWith('It failed inside Routex') ? m.errors_internal() : null),
  no_model_list: ({ message, phrase }) =>
    m.errors_no_model_list({ why: phraseText(phrase, message.split('\n')[0] ?? '') }),

  name_taken: ({ other }) => (other === null ? null : m.errors_name_taken({ other })),
  managed_by_config_file: m.errors_managed,
  built_in: m.errors_built_in,
  keyless_beyond_loopback: m.errors_keyless,
  not_own_host: withHost(m.errors_not_own_host),
  unknown_channel: m.errors_unknown_channel,
  too_many_buckets: m.errors_too_many_buckets,
  bad_cursor: m.errors_bad_cursor,
  log_query_failed: m.errors_log_query_failed,
  log_unwritable: m.errors_log_unwritable,
  log_worker_stopped: m.errors_log_worker,
  secret_unreadable: m.errors_secret_unreadable,
  backup_damaged: m.errors_backup_damaged,
  backup_newer: m.errors_backup_newer,
  backup_unwritable: m.errors_backup_unwritable,
  encrypted_export_invalid: m.errors_encrypted_export_invalid,
  encrypted_export_newer: m.errors_encrypted_export_newer,
  encrypted_export_damaged: m.errors_encrypted_export_damaged,
  passphrase_wrong: m.errors_passphrase_wrong,
  memory_short: m.errors_memory_short,

  port_taken: portTaken,
  address_unavailable: withHost(m.errors_address_unavailable),
  not_permitted: ({ port }) => (port === null ? null : m.errors_not_permitted({ port: String(port) }))
}

/** What went wrong, and what to do, in the page's language where it has words for it. */
export function failureText(failure: ApiFailure): string {
  const problems = readProblems(failure.details)
  if (problems.length > 0) return problemsText(problems)
  const known = { ...names.parse(details.parse(failure.details)), message: failure.message }
  const words = Object.hasOwn(FAILURE_WORDS, failure.code) ? FAILURE_WORDS[failure.code] : undefined
  return words?.(known) ?? failure.message
}

/** Each with its place, in one line. */
export const problemsText = (problems: readonly Problem[]): string =>
  problems.map((problem) => (problem.path === '' ? '' : `${problem.path}: `) + problemText(problem)).join(' ')
