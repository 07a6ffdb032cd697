import type { ClientState, ClientView, DriftedKey } from '../../shared/clients'
import type { Client, Machine, Surroundings } from './client'
import { keyOf, writtenKeys, type ClientKeys } from './client-keys'
import { exists } from './conflict'
import { findProgram, versionOf } from './find-program'
import { isSameAddress } from './lead'
import { shownValue } from './mask'
import { isOurs, settingsOf, type OwnedFile } from './owned-file'
import { driftOf } from './present-plan'
import { findOtherRoutex, otherRoutexConflict } from './other-routex'
import { problemOf, readClient, fileConflicts, type ReadClient } from './read-client'
import type { ClientRecord } from './record-store'
import { readSettingsFile } from './settings-file'
import { Variables } from './variables'

/** Where the question comes from. */
export interface Asked {
  readonly folder?: string | undefined
  readonly variables?: readonly string[] | undefined
}

export interface SurveyParts {
  readonly machine: Machine
  readonly keys: ClientKeys
  readonly url: string | null
  readonly canLaunch: boolean
}

export async function surroundingsOf(
  machine: Machine,
  { location, documents }: ReadClient,
  url: string | null,
  asked: Asked
): Promise<Surroundings> {
  const variables = await Variables.read(machine, asked.variables)
  return { machine, location, documents, variables, workingFolder: asked.folder ?? null, url }
}

async function driftIn(machine: Machine, owned: OwnedFile): Promise<readonly DriftedKey[]> {
  try {
    const { text } = await readSettingsFile(machine.fs, owned.path)
    const settings = settingsOf(owned.format, text)
    return owned.keys
      .filter((owning) => !isOurs(settings, owning))
      .map(({ key, secret }) => driftOf(owned.path, settings, key, secret))
  } catch (error) {
    problemOf(owned.path, error) // shown with the file; what its keys are can't be said
    return []
  }
}

type Outdated = Extract<ClientState, { kind: 'connected' }>['outdated'][number]

function outdatedOf(record: ClientRecord, files: readonly OwnedFile[], read: ReadClient, parts: SurveyParts) {
  const { keys, url } = parts
  const outdated: Outdated[] = []
  if (url !== null && !isSameAddress(record.url, url)) outdated.push('address')
  const key = keyOf(keys, record)
  if (key === null) outdated.push('key_revoked')
  else if (!writtenKeys(record).includes(key.text)) outdated.push('key')
  const places = new Set(read.location.files.map(({ path }) => path))
  if (files.some(({ path }) => !places.has(path))) outdated.push('folder')
  return outdated
}

function directState(client: Client, read: ReadClient, url: string | null): ClientState {
  const lead = client.leadOf(read.documents)
  if (lead.url !== null && isSameAddress(lead.url, url)) {
    return { kind: 'by_hand', url: shownValue(lead.url, 'url', false) ?? '' }
  }
  return { kind: 'direct', url: shownValue(lead.written ?? undefined, 'url', false) }
}

async function stateOf(
  client: Client,
  record: ClientRecord | null,
  read: ReadClient,
  parts: SurveyParts
): Promise<ClientState> {
  const direct = directState(client, read, parts.url)
  if (record === null || record.phase === 'restored') return direct
  const { files, since, phase, url } = record
  if (files === 'lost') return direct.kind === 'by_hand' ? { kind: 'record_lost', since } : direct
  if (phase !== 'connected') return { kind: 'interrupted', phase, since }
  const drift = (await Promise.all(files.map((owned) => driftIn(parts.machine, owned)))).flat()
  return { kind: 'connected', since, url, drift, outdated: outdatedOf(record, files, read, parts) }
}

function keyViewOf({ keys }: SurveyParts, record: ClientRecord | null): ClientView['key'] {
  const id = record?.keyId ?? null
  const view = id === null ? undefined : keys.view(id)
  if (record === null || id === null || view === undefined) return null
  return { id, name: view.name, last4: view.last4, inUse: record.phase !== 'restored' }
}

/** How it stands with one client. What can't be read is part of what is told. */
export async function survey(
  parts: SurveyParts,
  client: Client,
  record: ClientRecord | null,
  asked: Asked
): Promise<ClientView> {
  const { machine, url } = parts
  const read = await readClient(machine, client)
  const program = await findProgram(machine, client.program.command, client.program.folders)
  const found = program !== null || (await exists(machine, read.location.folder))
  const surroundings = await surroundingsOf(machine, read, url, asked)
  const other = findOtherRoutex(client, read, record, parts.keys)
  const own = other === null ? [] : [otherRoutexConflict(client, other)]
  return {
    id: client.id,
    name: client.name,
    protocols: [...client.protocols],
    modelSlots: [...client.modelSlots],
    found,
    program: program === null ? null : { path: program, version: await versionOf(machine, program, client.program) },
    folder: read.location.folder,
    files: read.files.map(({ client: { path }, file, problem, skipped = false }) => ({
      path,
      linkedTo: file !== null && file.text !== null && file.target !== path ? file.target : null,
      exists: skipped || (file !== null && file.text !== null),
      problem
    })),
    state: await stateOf(client, record, read, parts),
    conflicts: found ? [...own, ...fileConflicts(read), ...(await client.conflicts(surroundings))] : [],
    key: keyViewOf(parts, record),
    options: record?.options ?? {},
    canLaunch: parts.canLaunch && program !== null
  }
}
