import { isAbsolute } from 'node:path'
import type { ImportSource } from '../../shared/imports'
import { phrase, type Phrase } from '../../shared/phrase'
import type { Environment, FoundAccount, Importer, Machine, NotCarried, Reading, SourceFile } from './importer'
import { importerOf, importers } from './importers'
import {
  hasLog,
  openSourceBytes,
  openSourceFile,
  openSourceText,
  type DatabaseOpener,
  type OpenSource
} from './source-files'
import { UnreadableFile } from './unreadable-file'
import { isVendor } from './vendors'

interface SeenFile {
  readonly source: ImportSource
  readonly path: string
  /** Why nothing could be read of it; null when it could. */
  readonly problem: Phrase | null
}

/** What was found, secrets included: it stays in the main process. */
export interface Findings {
  readonly files: readonly SeenFile[]
  readonly accounts: readonly (FoundAccount & { readonly source: ImportSource })[]
  readonly notCarried: readonly (NotCarried & { readonly source: ImportSource })[]
}

/** A file that the user chose. Text and bytes may come from another machine, and from whoever has the management token. */
export type PickedFile =
  | { readonly kind: 'path'; readonly path: string }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bytes'; readonly bytes: Buffer }

const NOTHING = { references: {}, addresses: {}, shell: {} }

const ofSource = (source: ImportSource, files: Findings['files'], reading: Reading): Findings => ({
  files,
  accounts: reading.accounts.map((account) => ({ ...account, source })),
  notCarried: reading.notCarried.map((one) => ({ ...one, source }))
})

const joined = (all: readonly Findings[]): Findings => ({
  files: all.flatMap(({ files }) => files),
  accounts: all.flatMap(({ accounts }) => accounts),
  notCarried: all.flatMap(({ notCarried }) => notCarried)
})

/** What a step gives, or why it can't. */
async function orProblem<T>(step: () => T | Promise<T>): Promise<{ readonly value: T } | { readonly problem: Phrase }> {
  try {
    return { value: await step() }
  } catch (error) {
    if (error instanceof UnreadableFile) return { problem: error.phrase }
    throw error
  }
}

/** A file alone, so that one that is broken costs no other. */
async function check(importer: Importer, opened: OpenSource): Promise<Phrase | null> {
  const read = await orProblem(() => importer.read([opened.file], NOTHING))
  return 'problem' in read ? read.problem : null
}

async function scanOne(importer: Importer, machine: Machine, databases: DatabaseOpener): Promise<Findings> {
  const { source } = importer
  const { environment } = machine
  const files: SeenFile[] = []
  const opened: OpenSource[] = []
  try {
    for (const path of new Set(importer.find(machine).filter((one) => isAbsolute(one)))) {
      const tried = await orProblem(() => openSourceFile(path, databases))
      if ('problem' in tried) files.push({ source, path, problem: tried.problem })
      else if (tried.value !== null) opened.push(tried.value)
    }
    const good: SourceFile[] = []
    for (const one of opened) {
      const problem = await check(importer, one)
      files.push({ source, path: one.file.path, problem })
      if (problem === null) good.push(one.file)
    }
    const variables = { references: environment, addresses: environment, shell: environment }
    return ofSource(source, files, importer.read(good, variables))
  } finally {
    for (const one of opened) await one.close()
  }
}

/**
 * Looks for accounts of every program on this machine: in the files that are there, and in Routex's own environment. A file
 * that can't be read is told and costs no other.
 */
export async function scan(machine: Machine, databases: DatabaseOpener): Promise<Findings> {
  const all: Findings[] = []
  for (const importer of importers) all.push(await scanOne(importer, machine, databases))
  return joined(all)
}

/** Nobody who sends a file has Routex send its variables to a server of his. */
function withoutVariables(account: FoundAccount): FoundAccount {
  const { credential, headerVariables, headers } = account
  const variable = credential?.variable ?? null
  const lost = [
    ...(variable === null ? [] : [phrase('key_variable_kept', { variable })]),
    ...Object.entries(headerVariables).map(([header, one]) => phrase('header_variable_kept', { header, variable: one }))
  ]
  return {
    ...account,
    credential: variable === null ? credential : null,
    headers: Object.fromEntries(Object.entries(headers).filter(([name]) => !Object.hasOwn(headerVariables, name))),
    headerVariables: {},
    notes: [...account.notes, ...lost]
  }
}

const ofUpload = (account: FoundAccount): FoundAccount =>
  isVendor(account.baseUrl) ? account : withoutVariables(account)

const UPLOADED = 'the uploaded file'

async function openPicked(picked: PickedFile, databases: DatabaseOpener): Promise<OpenSource> {
  if (picked.kind === 'text') return openSourceText(UPLOADED, picked.text)
  if (picked.kind === 'bytes') return openSourceBytes(UPLOADED, picked.bytes, databases)
  const opened = await openSourceFile(picked.path, databases)
  if (opened === null) throw new UnreadableFile(phrase('file_missing'))
  return opened
}

/** Reads one file that the user chose as one of a program. A file that can't be read is told. */
export async function readPicked(
  source: ImportSource,
  picked: PickedFile,
  environment: Environment,
  databases: DatabaseOpener
): Promise<Findings> {
  const path = picked.kind === 'path' ? picked.path : UPLOADED
  const opened = await orProblem(() => openPicked(picked, databases))
  if ('problem' in opened) return failed(source, path, opened.problem)
  const isOnDisk = picked.kind === 'path'
  const variables = { references: environment, addresses: isOnDisk ? environment : {}, shell: {} }
  try {
    const read = await orProblem(() => importerOf(source).read([opened.value.file], variables))
    if ('problem' in read) return failed(source, path, read.problem)
    const { accounts, notCarried } = read.value
    const reading = isOnDisk
      ? read.value
      : { accounts: accounts.map(ofUpload), notCarried: [...notCarried, ...lost(picked)] }
    return ofSource(source, [{ source, path, problem: null }], reading)
  } finally {
    await opened.value.close()
  }
}

const failed = (source: ImportSource, path: string, problem: Phrase): Findings => ({
  files: [{ source, path, problem }],
  accounts: [],
  notCarried: []
})

const lost = (picked: PickedFile): readonly NotCarried[] =>
  picked.kind === 'bytes' && hasLog(picked.bytes)
    ? [{ from: UPLOADED, what: phrase('latest_changes'), why: phrase('in_second_file') }]
    : []
