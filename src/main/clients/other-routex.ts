import type { ClientConflict } from '../../shared/clients'
import type { Client } from './client'
import { ClientError } from './client-error'
import { writtenKeys, type ClientKeys } from './client-keys'
import { fileConflict } from './conflict'
import { shownValue } from './mask'
import type { ReadClient } from './read-client'
import type { ClientRecord } from './record-store'

/** As every Routex makes its client keys. */
const CLIENT_KEY = /^rtx-[\w-]{16,}$/
export const isRoutexKey = (text: string): boolean => CLIENT_KEY.test(text)

/** A client goes through another Routex, one with a data folder of its own (a development build beside the packaged one). */
export interface OtherRoutex {
  /** Its address, fit to be shown. */
  readonly url: string
  readonly path: string
}

/**
 * What another Routex wrote is not the user's own: who takes it for that gives it back when the other is long gone, and who
 * restores meanwhile forgets what was there before both. It is told by its key, which is none of ours.
 */
export function findOtherRoutex(
  client: Client,
  { documents, location }: ReadClient,
  record: ClientRecord | null,
  keys: Pick<ClientKeys, 'knows'>
): OtherRoutex | null {
  const { key, url } = client.leadOf(documents)
  if (key === null || !isRoutexKey(key)) return null
  const isOurs = keys.knows(key) || (record !== null && writtenKeys(record).includes(key))
  if (isOurs) return null
  return {
    url: shownValue(url ?? undefined, 'url', false) ?? 'an address it does not name',
    path: location.files[0]?.path ?? ''
  }
}

export const otherRoutexConflict = ({ name }: Client, { url, path }: OtherRoutex): ClientConflict =>
  fileConflict({ code: 'other_routex', severity: 'blocks' }, url, path, {
    message: `${name} is connected to another Routex at ${url}: its key is none of this one's`,
    fix: 'Restore it there first; where that Routex is gone, go on here all the same'
  })

/** @throws ClientError `other_routex` */
export function refuseOtherRoutex({ name }: Client, other: OtherRoutex | null): void {
  if (other === null) return
  throw new ClientError(
    'other_routex',
    `${name} is connected to another Routex at ${other.url}: restore it there first; where that Routex is gone, do it all the same`,
    { path: other.path }
  )
}
