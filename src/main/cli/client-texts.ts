import type {
  ClientConflict,
  ClientPreview,
  ClientState,
  ClientVerification,
  ClientView,
  DriftedKey,
  FileProblem,
  KeyChange
} from '../../shared/clients'

/** Answers of the API as a person reads them in a terminal. */

const dateTime = (at: number): string => new Date(at).toISOString().slice(0, 16).replace('T', ' ')

function stateText(state: ClientState): string {
  switch (state.kind) {
    case 'direct':
      return state.url === null ? 'direct' : `direct, to ${state.url}`
    case 'by_hand':
      return 'through Routex, set by hand'
    case 'connected':
      return `through Routex since ${dateTime(state.since)} UTC`
    case 'interrupted':
      return state.phase === 'applying' ? 'connecting it ended half-way' : 'restoring it ended half-way'
    case 'record_lost':
      return 'through Routex; what its files held before is lost'
  }
}

const OUTDATED = {
  address: 'its files have another address of the gateway',
  key: 'its files have another text of its key',
  key_revoked: 'its key was revoked',
  folder: 'its files are in another folder now'
} as const

const driftLine = ({ file, key, now }: DriftedKey): string => `changed since: ${key} is ${now ?? 'gone'} (${file})`

function attention({ id, state }: ClientView): readonly string[] {
  if (state.kind === 'interrupted')
    return [`complete it with "routex clients apply ${id}", or undo it with "routex clients restore ${id}"`]
  if (state.kind !== 'connected') return []
  const outdated = state.outdated.map((what) => OUTDATED[what])
  const advice = outdated.length > 0 ? [`mend it with "routex clients apply ${id}"`] : []
  return [...outdated, ...advice, ...state.drift.map(driftLine)]
}

function conflictLines({ severity, message, fix }: ClientConflict): readonly string[] {
  return [`${severity === 'blocks' ? '!' : '·'} ${message}`, `  ${fix}.`]
}

const problemLine = ({ message }: FileProblem): string => `! ${message}`

export function listText(clients: readonly ClientView[], afterCrash: { readonly since: number } | null): string {
  const width = Math.max(...clients.map(({ name }) => name.length))
  const lines = clients.flatMap((client) => {
    const { name, id, found, program, state, files, conflicts } = client
    const version = program?.version ?? ''
    if (!found) return [`${name.padEnd(width)}  ${id.padEnd(12)} not found`]
    const details = [
      ...attention(client),
      ...files.flatMap(({ problem }) => (problem === null ? [] : [problemLine(problem)])),
      ...conflicts.flatMap(conflictLines)
    ]
    return [
      `${name.padEnd(width)}  ${id.padEnd(12)} ${version.padEnd(10)} ${stateText(state)}`,
      ...details.map((line) => `    ${line}`)
    ]
  })
  const crash =
    afterCrash === null
      ? []
      : [
          '',
          'Routex ended without stopping last time; what was connected stayed so. "routex clients restore NAME" brings one back.'
        ]
  return `${[...lines, ...crash].join('\n')}\n`
}

const SIGN = { add: '+', replace: '~', remove: '-', same: ' ' } as const

function changeLine({ key, kind, before, after, theirs }: KeyChange): string {
  const shown = (value: string | null): string => (value === '' ? '""' : (value ?? ''))
  const values = kind === 'replace' ? `${shown(before)} → ${shown(after)}` : shown(kind === 'remove' ? before : after)
  const line = `  ${SIGN[kind]} ${key} ${values}`.trimEnd()
  return theirs === true ? `${line} (not Routex's, but in its entry, and gone with it)` : line
}

/** What a restore does not bring back to what it was, and what to do about it. */
function leftLine(left: DriftedKey, stays: string): string {
  const { file, key, now, why } = left
  if (why === undefined) return `${driftLine(left)}; ${stays}`
  if (now === null) {
    return `taken out: ${key} (${file}). The earlier one is not put back beside what stands there now, which it was not set for; set address and key together`
  }
  return `still ours: ${key} is ${now} (${file}). The earlier one is not put back beside a key that was not set for it; set address and key together`
}

/** What was changed, by file; nothing of what stayed the same. */
export function changesText(
  name: string,
  done: string,
  changes: readonly KeyChange[],
  left: readonly DriftedKey[]
): string {
  const changed = changes.filter(({ kind }) => kind !== 'same')
  const files = [...new Set(changed.map(({ file }) => file))]
  const lines = files.flatMap((file) => [file, ...changed.filter((one) => one.file === file).map(changeLine)])
  const kept = left.map((key) => `  ${leftLine(key, 'it was left as it is')}`)
  const nothing = changed.length === 0 ? ['nothing was to be changed'] : []
  return `${[`${name}: ${done}`, ...lines, ...nothing, ...kept].join('\n')}\n`
}

export function previewText({ files, missingFolders, left, changes }: ClientPreview): string {
  const diffs = files.filter(({ diff }) => diff !== '').map(({ diff }) => diff.trimEnd())
  const folders = missingFolders.map((folder) => `${folder} is missing and would be made`)
  const kept = left.map((key) => leftLine(key, 'it would be left as it is'))
  const taken = changes.filter(({ theirs }) => theirs === true).map(changeLine)
  const text = [...folders, ...diffs, ...taken, ...kept]
  return text.length === 0 ? 'Nothing would be changed.\n' : `${text.join('\n')}\n`
}

/** For standard error: what is wrong, and what would keep it from Routex. */
export const warningsText = (problems: readonly FileProblem[], conflicts: readonly ClientConflict[]): string =>
  [...problems.map(problemLine), ...conflicts.flatMap(conflictLines)].map((line) => `${line}\n`).join('')

export function verificationText({ ok, message, model, protocol, row, conflicts }: ClientVerification): string {
  const log = row === null ? [] : [`  request ${row.id} in the log, ${Math.round(row.totalMs)} ms`]
  const isBeaten = ok && conflicts.some(({ severity }) => severity === 'blocks')
  const verdict = isBeaten ? 'Its settings work, but here something beats them' : ok ? 'It works' : 'It does not work'
  const beside = conflicts.flatMap(conflictLines)
  return `${[`${verdict}: ${message}`, `  asked ${model} over ${protocol}`, ...log, ...beside].join('\n')}\n`
}
