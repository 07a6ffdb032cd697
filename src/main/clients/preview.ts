import type { ClientOptions, ClientPreview } from '../../shared/clients'
import type { Client, Machine } from './client'
import { ClientError } from './client-error'
import type { ClientKeys } from './client-keys'
import { findOtherRoutex, otherRoutexConflict } from './other-routex'
import type { FilePlan } from './plan-file'
import { changesOf, leftIn, shownFile } from './present-plan'
import { basisOf, problemOf, readClient, fileConflicts, type ReadClient } from './read-client'
import type { ClientRecord } from './record-store'
import { surroundingsOf, type Asked } from './survey'
import { planGiveBack, planTakeOver } from './take-over'
import { NEW_KEY, wishFor, type Offer } from './wish'

const NOTHING = { changes: [], left: [], files: [] }

const shownPlans = (plans: readonly FilePlan[]): Pick<ClientPreview, 'changes' | 'left' | 'files'> => ({
  changes: plans.flatMap(changesOf),
  left: plans.flatMap(leftIn),
  files: plans.map(shownFile)
})

const problemsOf = ({ files }: ReadClient): ClientPreview['problems'] => files.flatMap(({ problem }) => problem ?? [])

const missingFoldersOf = ({ files }: ReadClient): string[] => [
  ...new Set(files.flatMap(({ file }) => file?.missingFolders ?? []))
]

export const notConnected = ({ name }: Client): ClientError =>
  new ClientError('not_connected', `${name} is not connected by Routex`)

export interface TakeOverQuestion {
  readonly machine: Machine
  readonly offer: Offer
  readonly client: Client
  readonly record: ClientRecord | null
  readonly keys: ClientKeys
  /** undefined: it has none yet. */
  readonly key: string | undefined
  readonly options: ClientOptions | undefined
  readonly asked: Asked
}

/** @throws ClientError `gateway_off`, `bad_option` */
export async function previewTakeOver(question: TakeOverQuestion): Promise<ClientPreview> {
  const { machine, offer, client, record, keys, options = record?.options ?? {}, asked, key = NEW_KEY } = question
  const read = await readClient(machine, client)
  const surroundings = await surroundingsOf(machine, read, offer.url(), asked)
  const wish = wishFor(client, offer, options, key)
  const other = findOtherRoutex(client, read, record, keys)
  const problems = problemsOf(read)
  return {
    client: client.id,
    action: 'apply',
    conflicts: [
      ...(other === null ? [] : [otherRoutexConflict(client, other)]),
      ...fileConflicts(read),
      ...(await client.conflicts(surroundings))
    ],
    missingFolders: missingFoldersOf(read),
    basis: basisOf(read),
    ...(await planned(problems, () =>
      planTakeOver(client, wish, read, record, surroundings, { fromOther: other !== null })
    ))
  }
}

type Planned = Pick<ClientPreview, 'changes' | 'left' | 'files' | 'problems'>

/** A file that parses may still hold something where a change belongs, which is its problem too. */
async function planned(
  problems: ClientPreview['problems'],
  plan: () => Promise<readonly FilePlan[]>
): Promise<Planned> {
  if (problems.length > 0) return { ...NOTHING, problems }
  try {
    return { ...shownPlans(await plan()), problems: [] }
  } catch (error) {
    return { ...NOTHING, problems: [problemOf('', error)] }
  }
}

/** @throws ClientError `not_connected`, `record_lost` */
export async function previewGiveBack({
  machine,
  client,
  record,
  keys
}: Pick<TakeOverQuestion, 'machine' | 'client' | 'record' | 'keys'>): Promise<ClientPreview> {
  if (record === null || record.phase === 'restored') throw notConnected(client)
  const read = await readClient(machine, client)
  const other = findOtherRoutex(client, read, record, keys)
  const problems = problemsOf(read)
  return {
    client: client.id,
    action: 'restore',
    conflicts: other === null ? [] : [otherRoutexConflict(client, other)],
    missingFolders: [],
    basis: basisOf(read),
    ...(await planned(problems, () => planGiveBack({ machine }, client, record, other !== null)))
  }
}
