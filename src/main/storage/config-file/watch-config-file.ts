import { stat } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import type { FileConfig } from '../../../shared/config-file'
import type { Clock, Logger, Stop } from '../../../shared/ports'
import type { Problem } from '../../../shared/validation'
import { ConfigFileError } from './config-file-error'
import type { Environment } from './fill-in-variables'
import { parseConfigFile, readConfigText } from './read-config-file'

/**
 * A change is seen at the next look and read at the one after it, when the writer is done: within half a second. Looking is
 * one `stat`, so that it also sees what file events miss: an editor's rename, a swapped symlink (Kubernetes), a network disk.
 */
const LOOK_EVERY_MS = 250
/** What is not the file's own fault (no file descriptor left, a full disk) may have ended: after so long it is read again, ms. */
const RETRY_MS = 5000

export interface WatchOptions {
  readonly path: string
  readonly env: Environment
  readonly clock: Clock
  readonly logger: Logger
  /** The configuration in force, as `loadConfigFile` gave it at the start. */
  readonly applied: FileConfig
  /** What only the program knows to be wrong: a loop (B41), a rule between the file and the stored settings. */
  readonly check?: (config: FileConfig) => readonly Problem[]
  /** The file changed, or is good again. When it throws, that is told to `onBad`, and it is called again later. */
  readonly onGood: (config: FileConfig) => void | Promise<void>
  /**
   * The file can't be used, or not now: the last good configuration stays in force. Told once for each state of the file,
   * and again when another thing keeps it from being used.
   */
  readonly onBad: (error: ConfigFileError) => void
}

/** What tells one state of the file from the next, whatever the name points to. */
async function fingerprint(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return [dev, ino, size, mtimeNs, ctimeNs].join(':')
  } catch (error) {
    return `none: ${String(error)}`
  }
}

class ConfigFileWatcher {
  readonly #options: WatchOptions
  #applied: FileConfig
  /** Why the file that was last read is not in force; null when it is. */
  #bad: string | null = null
  #seen: string | null = null
  #read: string | null = null
  /** By the monotonic clock; null: only once the file has changed. */
  #readAgainAt: number | null = null
  #looking = false
  #stopped = false

  constructor(options: WatchOptions) {
    this.#options = options
    this.#applied = options.applied
  }

  /** Never rejects: whatever goes wrong is told. */
  async look(): Promise<void> {
    if (this.#looking || this.#stopped) return
    this.#looking = true
    const { path, logger } = this.#options
    try {
      await this.#follow(await fingerprint(path))
    } catch (error) {
      logger.error('the state of the config file could not be told', { file: path, error })
    }
    this.#looking = false
  }

  stop(): void {
    this.#stopped = true
  }

  async #follow(now: string): Promise<void> {
    const settled = now === this.#seen
    this.#seen = now
    if (!settled) return
    const changed = now !== this.#read
    if (!changed && !this.#isToBeReadAgain()) return
    this.#read = now
    await this.#reload(changed)
  }

  #isToBeReadAgain(): boolean {
    return this.#readAgainAt !== null && this.#options.clock.monotonic() >= this.#readAgainAt
  }

  async #reload(changed: boolean): Promise<void> {
    const { path, env, check, logger, onGood } = this.#options
    this.#readAgainAt = null
    try {
      const config = parseConfigFile(path, await readConfigText(path), env)
      if (this.#stopped || (this.#bad === null && isDeepStrictEqual(config, this.#applied))) return
      const problems = check?.(config) ?? []
      if (problems.length > 0) throw new ConfigFileError(path, problems)
      await onGood(config)
      this.#applied = config
      this.#bad = null
      logger.info('the config file was applied', { file: path })
    } catch (error) {
      this.#refuse(error, changed)
    }
  }

  #refuse(cause: unknown, changed: boolean): void {
    const { path, clock, logger, onBad } = this.#options
    const message = cause instanceof Error ? cause.message : String(cause)
    const error =
      cause instanceof ConfigFileError ? cause : new ConfigFileError(path, [{ path: '', message }], { cause })
    // With a cause it is not what stands in the file.
    if (error.cause !== undefined) this.#readAgainAt = clock.monotonic() + RETRY_MS
    const isNews = changed || error.message !== this.#bad
    this.#bad = error.message
    if (this.#stopped || !isNews) return
    logger.error(`${error.message}\nThe configuration before it stays in force.`)
    onBad(error)
  }
}

/** Hot reload: applies a change to the config file within a second; a bad file leaves the last good configuration. */
export function watchConfigFile(options: WatchOptions): { readonly stop: Stop } {
  const watcher = new ConfigFileWatcher(options)
  const stopLooking = options.clock.every(LOOK_EVERY_MS, () => void watcher.look())
  return {
    stop() {
      stopLooking()
      watcher.stop()
    }
  }
}
