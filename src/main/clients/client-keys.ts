import type { ClientKeyId } from '../../shared/ids'
import type { Client } from './client'
import { ClientError } from './client-error'
import type { ClientRecord } from './record-store'

/** Client keys, as far as clients need them. */
export interface ClientKeys {
  /** undefined: there is no such key, or its text can't be read any more. */
  text(id: ClientKeyId): string | undefined
  /** True for the text of any key of this Routex. */
  knows(text: string): boolean
  view(id: ClientKeyId): { readonly name: string; readonly last4: string } | undefined
  create(name: string): Promise<ClientKeyId>
}

interface UsableKey {
  readonly id: ClientKeyId
  readonly text: string
}

/** The key of its own that a client has; null when there is none, or none that can be used any more. */
export function keyOf(keys: ClientKeys, record: ClientRecord | null): UsableKey | null {
  const id = record === null ? null : record.keyId
  const text = id === null ? undefined : keys.text(id)
  return id === null || text === undefined ? null : { id, text }
}

export async function makeKey(keys: ClientKeys, { name }: Client): Promise<UsableKey> {
  const id = await keys.create(name)
  const text = keys.text(id)
  if (text === undefined) throw new ClientError('write_failed', 'The new client key can not be read')
  return { id, text }
}

/** Texts of keys that a client's files were given. */
export function writtenKeys({ files }: ClientRecord): readonly string[] {
  if (files === 'lost') return []
  return files
    .flatMap(({ keys }) => keys)
    .filter(({ secret }) => secret)
    .flatMap(({ values }) => values.map(({ value }) => value))
    .filter((value) => typeof value === 'string')
    .filter((value) => value !== '')
}

export const writtenKey = (record: ClientRecord): string => writtenKeys(record)[0] ?? ''
