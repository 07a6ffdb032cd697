import { randomBytes } from 'node:crypto'
import type { Backup, ConfigChanges, PendingImport } from '../../shared/backups'
import type { Channel, ChannelInput } from '../../shared/channel'
import type { ImportPreview, ImportSource } from '../../shared/imports'
import type { Stop } from '../../shared/ports'
import type { Problem } from '../../shared/problem'
import type { Findings, PickedFile } from '../imports/findings'
import type { Machine } from '../imports/importer'
import { StorageError } from '../storage/errors'
import { ApiError } from './api-error'
import type { ApiDependencies } from './dependencies'
import { foreignDatabases } from './foreign-databases'
import { nameProblem, readForeignChannels, reasonOf } from './foreign-channels'
import { bounded, readCandidates } from './import-candidates'
import { readLink, type ReadLink } from './import-link'
import { viewOfLinked } from './shown-channel'
import { toldFile, toldLoss } from './told-findings'

/** Each waits with its secrets in memory. */
const MAX_PREVIEWS = 8

type Dependencies = Pick<ApiDependencies, 'config' | 'gateway'> & {
  /** Where accounts of other programs are looked for. */
  readonly machine: Machine
}

interface Linked extends ReadLink {
  readonly kind: 'link'
  readonly id: string
}
interface Found {
  readonly kind: 'found'
  readonly id: string
  readonly findings: Findings
}
type Waiting = Linked | Found

/** One of what waits, as it would be added. */
interface Choice {
  readonly key: string
  readonly name: string
  /** null when it can't be. */
  readonly input: ChannelInput | null
  /** Why not; none when it can. */
  readonly problems: readonly Problem[]
}

export interface Applied {
  readonly added: readonly Channel[]
  readonly skipped: readonly ConfigChanges['skipped'][number][]
  readonly backup: Backup
}

/** Loaded when first wanted: the parsers of other programs' files would cost every start memory and time. */
const importers = () => import('../imports/findings')

const skippedFor = (name: string, problems: readonly Problem[]): Applied['skipped'][number] => ({
  ...{ name, reason: reasonOf({ problems }) ?? '', problems: [...problems] }
})

const newId = (): string => randomBytes(9).toString('base64url')

/**
 * What could be brought in, until the user has said yes or no: what a `routex://import` link asks for, which any page can
 * open, and what was found of other programs. Nothing is added unseen; what is told of it is judged as things are now. Its
 * secrets stay here.
 *
 *     request() → pending ─┬→ accept() / apply() → added, after a backup
 *     scan(), read() → id ─┘→ dismiss(), the next link, or the ninth preview
 */
export class PendingImports {
  readonly #dependencies: Dependencies
  readonly #listeners = new Set<(pending: PendingImport | null) => void>()
  #linked: Linked | null = null
  readonly #found = new Map<string, Found>()

  constructor(dependencies: Dependencies) {
    this.#dependencies = dependencies
  }

  /** Takes a link in the place of the one that waits. Never throws: what is wrong with it is part of what is pending. */
  request(link: string): void {
    this.#setLinked({ kind: 'link', id: newId(), ...readLink(link) })
  }

  /** What the link asks for; null when none waits. */
  pending(): PendingImport | null {
    if (this.#linked === null) return null
    const { id, problem, problems, values } = this.#linked
    const channels = readForeignChannels(this.#dependencies, values)
    const views = channels.map((read, index) => viewOfLinked(read, values[index]))
    return { id, problem, problems: [...problems], channels: views }
  }

  /** Looks for accounts of other programs on this machine. */
  async scan(): Promise<ImportPreview> {
    const { scan } = await importers()
    return this.#keep(await scan(this.#dependencies.machine, foreignDatabases))
  }

  /** Looks at a file that the user chose. One that can't be read is part of the answer. */
  async read(source: ImportSource, picked: PickedFile): Promise<ImportPreview> {
    const { readPicked } = await importers()
    return this.#keep(await readPicked(source, picked, this.#dependencies.machine.environment, foreignDatabases))
  }

  /**
   * Backs up the configuration and adds every channel that can be added; what waits is over then.
   *
   * @throws ApiError `import_gone` when it does not wait any more, `import_empty` when nothing of it can be added; StorageError
   * `backup_unwritable`, after which it still waits
   */
  accept(id: string): Promise<Applied> {
    return this.#apply(id, (choices) => choices)
  }

  /** The same for some of it, by their keys. @throws also ApiError `bad_arguments` for a key that there is not */
  apply(id: string, picks: readonly string[]): Promise<Applied> {
    return this.#apply(id, (choices) => {
      const unknown = picks.find((pick) => !choices.some(({ key }) => key === pick))
      if (unknown !== undefined) throw new ApiError('bad_arguments', `There is no candidate ${JSON.stringify(unknown)}`)
      return choices.filter(({ key }) => picks.includes(key))
    })
  }

  /** @throws ApiError `import_gone` when it does not wait any more */
  dismiss(id: string): void {
    this.#drop(this.#find(id))
  }

  onChange(listener: (pending: PendingImport | null) => void): Stop {
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  async #apply(id: string, pick: (choices: readonly Choice[]) => readonly Choice[]): Promise<Applied> {
    const waiting = this.#find(id)
    const picked = pick(this.#choicesOf(waiting))
    if (picked.every(({ input }) => input === null))
      throw new ApiError('import_empty', 'Nothing of what was asked for can be added')
    // Taken away first, so that a second yes does not add it twice.
    this.#drop(waiting)
    const backup = await this.#backUp(waiting)
    const results = await this.#dependencies.config.createChannels(picked.flatMap(({ input }) => input ?? []))
    const added: Channel[] = []
    const skipped: Applied['skipped'][number][] = []
    const tried = results.values()
    for (const { input, name, problems } of picked) {
      const result = input === null ? null : tried.next().value
      if (result === null || result === undefined) skipped.push(skippedFor(name, problems))
      else if (result instanceof StorageError) skipped.push(skippedFor(name, [nameProblem(result)]))
      else added.push(result)
    }
    return { added, skipped, backup }
  }

  #choicesOf(waiting: Waiting): readonly Choice[] {
    if (waiting.kind === 'link') {
      return readForeignChannels(this.#dependencies, waiting.values).map((read, index) => ({
        key: String(index),
        ...read
      }))
    }
    return readCandidates(this.#dependencies, waiting.findings).map(({ input, problems, view: { key, name } }) => ({
      ...{ key, name, input, problems }
    }))
  }

  async #backUp(waiting: Waiting): Promise<Backup> {
    try {
      return await this.#dependencies.config.backups.create('import')
    } catch (error) {
      this.#putBack(waiting)
      throw error
    }
  }

  #keep(all: Findings): ImportPreview {
    const id = newId()
    const findings = bounded(all)
    this.#found.set(id, { kind: 'found', id, findings })
    const [oldest] = this.#found.keys()
    if (this.#found.size > MAX_PREVIEWS && oldest !== undefined) this.#found.delete(oldest)
    const candidates = readCandidates(this.#dependencies, findings).map(({ view }) => view)
    return { id, files: findings.files.map(toldFile), candidates, notCarried: findings.notCarried.map(toldLoss) }
  }

  #find(id: string): Waiting {
    const waiting = this.#linked?.id === id ? this.#linked : this.#found.get(id)
    if (waiting !== undefined) return waiting
    throw new ApiError('import_gone', 'This import does not wait any more')
  }

  #drop(waiting: Waiting): void {
    if (waiting.kind === 'link') this.#setLinked(null)
    else this.#found.delete(waiting.id)
  }

  #putBack(waiting: Waiting): void {
    if (waiting.kind === 'found') this.#found.set(waiting.id, waiting)
    else if (this.#linked === null) this.#setLinked(waiting)
  }

  #setLinked(linked: Linked | null): void {
    this.#linked = linked
    const pending = this.pending()
    for (const listener of this.#listeners) listener(pending)
  }
}
