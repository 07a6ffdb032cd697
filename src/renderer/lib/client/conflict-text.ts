import type { ClientConflict } from '../../../shared/clients'
import { m } from '../messages'

interface Inputs {
  readonly subject: string
  readonly place: string
  readonly client: string
}
interface Words {
  readonly message: (inputs: Inputs) => string
  readonly fix: (inputs: Inputs) => string
}

const words: Readonly<Record<ClientConflict['code'], Words>> = {
  variable_wins: { message: m.clients_conflict_variable_wins, fix: m.clients_fix_variable_wins },
  variable_sent_too: { message: m.clients_conflict_variable_sent_too, fix: m.clients_fix_variable_sent_too },
  variable_diverts: { message: m.clients_conflict_variable_diverts, fix: m.clients_fix_variable_diverts },
  variable_moves_folder: {
    message: m.clients_conflict_variable_moves_folder,
    fix: m.clients_fix_variable_moves_folder
  },
  nearer_file_wins: {
    message: m.clients_conflict_nearer_file_wins,
    // A whole file that stands in for its own.
    fix: (inputs) => (inputs.subject === '.env' ? m.clients_fix_nearer_env() : m.clients_fix_nearer_file_wins(inputs))
  },
  managed_settings_win: { message: m.clients_conflict_managed_settings_win, fix: m.clients_fix_managed_settings_win },
  setting_diverts: { message: m.clients_conflict_setting_diverts, fix: m.clients_fix_setting_diverts },
  setting_sent_too: { message: m.clients_conflict_setting_sent_too, fix: m.clients_fix_setting_sent_too },
  other_routex: { message: m.clients_conflict_other_routex, fix: m.clients_fix_other_routex },
  hard_linked: { message: m.clients_conflict_hard_linked, fix: m.clients_fix_hard_linked },
  client_refuses_file: { message: m.clients_conflict_client_refuses_file, fix: m.clients_fix_client_refuses_file },
  folder_untrusted: { message: m.clients_conflict_folder_untrusted, fix: m.clients_fix_folder_untrusted },
  needs_https: { message: m.clients_conflict_needs_https, fix: m.clients_fix_needs_https },
  file_wins: { message: m.clients_conflict_file_wins, fix: m.clients_fix_file_wins }
}

function placeText({ place, line }: ClientConflict): string {
  if (place === 'environment') return m.clients_environment()
  return line === null ? place : m.clients_line({ place, line: String(line) })
}

/** What keeps a client from Routex, and what mends it, in the page's language. */
export function conflictText(
  conflict: ClientConflict,
  client: string
): { readonly message: string; readonly fix: string } {
  const { message, fix } = words[conflict.code]
  const inputs = { subject: conflict.subject, place: placeText(conflict), client }
  return { message: message(inputs), fix: fix(inputs) }
}
