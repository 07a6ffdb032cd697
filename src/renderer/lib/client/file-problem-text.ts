import type { FileProblem } from '../../../shared/clients'
import { m } from '../messages'

/** What is wrong with a file of a client's settings, and what to do. */
export const fileProblemWords: Readonly<Record<FileProblem['code'], (inputs: { path: string }) => string>> = {
  folder_missing: m.errors_client_folder_missing,
  not_a_folder: m.errors_client_not_a_folder,
  not_a_file: m.errors_client_not_a_file,
  link_loop: m.errors_client_link_loop,
  dangling_link: m.errors_client_dangling_link,
  unreadable: m.errors_client_unreadable,
  read_only: m.errors_client_read_only,
  folder_read_only: m.errors_client_folder_read_only,
  other_owner: m.errors_client_other_owner,
  too_large: m.errors_client_too_large,
  not_text: m.errors_client_not_text,
  does_not_parse: m.errors_client_does_not_parse
}

/** With the place in the file where its parser says one, or with what stands there instead. */
export function fileProblemText({ code, path, message }: FileProblem): string {
  const words = fileProblemWords[code]({ path })
  const [, where] = code === 'does_not_parse' ? message.split(/ (?:does not parse|can not be changed): /) : []
  return where === undefined ? words : `${words} (${where})`
}
