import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import type { Environment, Importer, Reading, SourceFile } from '../../src/main/imports/importer'
import { inEnglish } from '../../src/shared/phrase-in-english'
import { openForeignFile } from '../../src/main/storage/foreign-database'
import { makeTempDir } from './temp-dir'

/** A file of `test/fixtures/imports`. */
export const fixturePath = (name: string): string => join(import.meta.dirname, '..', 'fixtures', 'imports', name)

/** A SQLite file made of the fixture's statements. */
export async function makeFixtureDatabase(name: string): Promise<string> {
  const path = join(await makeTempDir(), 'fixture.db')
  const database = new Database(path)
  database.exec(await readFile(fixturePath(name), 'utf8'))
  database.close()
  return path
}

/** The fixture as an importer gets it, under its own name: what ends in `.db.sql` is made a database first. */
export async function openFixture(name: string): Promise<SourceFile> {
  if (!name.endsWith('.db.sql')) return { kind: 'text', path: name, text: await readFile(fixturePath(name), 'utf8') }
  const database = await openForeignFile(await makeFixtureDatabase(name))
  onTestFinished(() => database.close())
  return { kind: 'database', path: name, database }
}

export async function readFixtures(
  importer: Importer,
  names: readonly string[],
  environment: Environment = {}
): Promise<Reading> {
  const files: SourceFile[] = []
  for (const name of names) files.push(await openFixture(name))
  return importer.read(files, { references: environment, addresses: environment, shell: environment })
}

/** `Name: protocol base URL key` of each account. */
export const accountsOf = ({ accounts }: Reading): readonly string[] =>
  accounts.map(({ baseUrl, credential, name, protocol }) => {
    const key = credential === null ? 'no key' : credential.value
    return `${name}: ${protocol} ${baseUrl} ${key}${credential?.variable ? ` of ${credential.variable}` : ''}`
  })

/** `what: why` of each that is not carried. */
export const lostOf = ({ notCarried }: Reading): readonly string[] =>
  notCarried.map(({ what, why }) => `${typeof what === 'string' ? what : inEnglish(what)}: ${inEnglish(why)}`)
