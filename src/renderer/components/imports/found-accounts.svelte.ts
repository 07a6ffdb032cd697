import { SvelteSet } from 'svelte/reactivity'
import type { CallResult, RoutexApi } from '../../../shared/contract'
import type { ImportCandidate, ImportPreview, ImportSource } from '../../../shared/imports'
import { asFailure, type ApiFailure } from '../../lib/backend'
import { readFile } from './read-file'

/** What was found, and where it was looked for. */
interface Found {
  readonly preview: ImportPreview
  /** The name of a file that was chosen; null: on the gateway's machine. */
  readonly file: string | null
}

const canBeAdded = ({ problem }: ImportCandidate): boolean => problem === null

/** Accounts of other programs: looked for, shown, picked. What is not picked is forgotten with the preview. */
export class FoundAccounts {
  found: Found | null = $state.raw(null)
  failure: ApiFailure | null = $state.raw(null)
  /** What is under way. */
  busy: 'scan' | 'read' | 'apply' | null = $state(null)
  /** Keys of the candidates that are ticked. */
  readonly picks = new SvelteSet<string>()

  readonly #api: RoutexApi

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Those that can be ticked. */
  get possible(): readonly ImportCandidate[] {
    return this.found?.preview.candidates.filter(canBeAdded) ?? []
  }

  scan(): Promise<void> {
    return this.#do('scan', async () => this.#show(await this.#api.call('imports.scan', {}), null))
  }

  read(source: ImportSource, file: File): Promise<void> {
    return this.#do('read', async () => {
      const preview = await this.#api.call('imports.read', { source, ...(await readFile(file)) })
      this.#show(preview, file.name)
    })
  }

  pick(key: string, on: boolean): void {
    if (on) this.picks.add(key)
    else this.picks.delete(key)
  }

  pickAll(on: boolean): void {
    for (const { key } of this.possible) this.pick(key, on)
  }

  /** Adds what is ticked. null: it failed, and what was found is still there. */
  async apply(): Promise<CallResult<'imports.apply'> | null> {
    const { found } = this
    if (!found) return null
    let applied: CallResult<'imports.apply'> | null = null
    await this.#do('apply', async () => {
      applied = await this.#api.call('imports.apply', { id: found.preview.id, picks: [...this.picks] })
      this.found = null
    })
    return applied
  }

  async dismiss(): Promise<void> {
    const { found } = this
    this.found = null
    this.failure = null
    if (!found) return
    try {
      await this.#api.call('imports.dismiss', { id: found.preview.id })
    } catch {
      // It is out of sight, which is what was asked for; Routex forgets it by itself when newer ones come.
      this.failure = null
    }
  }

  /** What is not here already is ticked. */
  #show(preview: ImportPreview, file: string | null): void {
    this.picks.clear()
    for (const { key } of preview.candidates.filter((one) => canBeAdded(one) && one.duplicateOf === null)) {
      this.picks.add(key)
    }
    this.found = { preview, file }
  }

  async #do(what: 'scan' | 'read' | 'apply', work: () => Promise<void>): Promise<void> {
    this.busy = what
    this.failure = null
    try {
      await work()
    } catch (cause) {
      this.failure = asFailure(cause)
    } finally {
      this.busy = null
    }
  }
}
