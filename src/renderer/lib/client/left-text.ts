import type { DriftedKey } from '../../../shared/clients'
import { m } from '../messages'

/** What a restore does not bring back to what it was, and what there is to do. */
export function leftText({ file, key, now, why }: DriftedKey): { readonly text: string; readonly fix: string } {
  if (why === undefined)
    return { text: now === null ? m.clients_left_gone({ key }) : m.clients_left({ key, now }), fix: file }
  const text = now === null ? m.clients_left_taken_out({ key }) : m.clients_left_ours({ key, now })
  return { text, fix: m.clients_left_apart_fix({ file }) }
}
