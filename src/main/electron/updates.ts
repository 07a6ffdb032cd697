import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { app } from 'electron'
import type { AppUpdater } from 'electron-updater'
import type { Clock, Logger, Stop } from '../../shared/ports'
import type { UpdateStatus } from '../../shared/updates'
import type { Updates } from '../api/updates'

/** After the start, which has better to do, ms. */
const FIRST_CHECK_MS = 60_000
const CHECK_EVERY_MS = 24 * 3_600_000

export interface ReleaseUpdatesOptions {
  readonly clock: Clock
  readonly logger: Logger
  /** electron-updater's; loaded at the first check, since a start needs none of it. */
  readonly load: () => Promise<AppUpdater>
}

/** Whether this program was installed by an installer of a release, which left the address of the feed beside it. */
export function canUpdate(): boolean {
  return app.isPackaged && existsSync(join(process.resourcesPath, 'app-update.yml'))
}

export async function loadUpdater(): Promise<AppUpdater> {
  const { default: updater } = await import('electron-updater')
  return updater.autoUpdater
}

/**
 * Updates from the project's GitHub releases. Whether this machine belongs to the share that a release is rolled out to
 * (`stagingPercentage` in the feed), and whether what was loaded is signed by us, electron-updater judges.
 *
 *   idle ──► checking ──► downloading ──► ready ──► installed at the next quit, or at once
 *    ▲          │  │           │
 *    └──────────┘  └─► failed ◄┘   (checked again like idle)
 */
export class ReleaseUpdates implements Updates {
  readonly #options: ReleaseUpdatesOptions
  readonly #listeners = new Set<(status: UpdateStatus) => void>()
  #status: UpdateStatus = { kind: 'idle', checkedAt: null }
  #updater: Promise<AppUpdater> | undefined
  #checking: Promise<UpdateStatus> | undefined
  #quitInto: ((install: () => void) => void) | undefined

  constructor(options: ReleaseUpdatesOptions) {
    this.#options = options
  }

  status(): UpdateStatus {
    return this.#status
  }

  onChange(listener: (status: UpdateStatus) => void): Stop {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  check(): Promise<UpdateStatus> {
    if (this.#status.kind === 'downloading' || this.#status.kind === 'ready') return Promise.resolve(this.#status)
    this.#checking ??= this.#check().finally(() => (this.#checking = undefined))
    return this.#checking
  }

  async install(): Promise<UpdateStatus> {
    if (this.#status.kind !== 'ready' || this.#quitInto === undefined) return this.#status
    const updater = await this.#load()
    this.#quitInto(() => updater.quitAndInstall(true, true))
    return this.#status
  }

  /**
   * Looks by itself once a day, as long as `isWanted`. `quitInto` stops the program and then calls what quits it and
   * installs.
   */
  start(isWanted: () => boolean, quitInto: (install: () => void) => void): Stop {
    this.#quitInto = quitInto
    const look = (): void => {
      if (isWanted()) void this.check()
    }
    const { clock } = this.#options
    const stops = [clock.after(FIRST_CHECK_MS, look), clock.every(CHECK_EVERY_MS, look)]
    return () => {
      for (const stop of stops) stop()
    }
  }

  async #check(): Promise<UpdateStatus> {
    this.#set({ kind: 'checking' })
    try {
      const updater = await this.#load()
      // null: installed in a way that can't be updated from within, such as by a distribution's package.
      if ((await updater.checkForUpdates()) === null) this.#set({ kind: 'unsupported' })
    } catch (error) {
      this.#fail(error)
    }
    return this.#status
  }

  #load(): Promise<AppUpdater> {
    this.#updater ??= this.#options.load().then((updater) => this.#prepare(updater))
    return this.#updater
  }

  #prepare(updater: AppUpdater): AppUpdater {
    const { clock, logger } = this.#options
    const text = (message: unknown): string =>
      `updater: ${message instanceof Error ? message.message : String(message)}`
    updater.logger = {
      debug: (message) => logger.debug(text(message)),
      info: (message) => logger.info(text(message)),
      warn: (message) => logger.warn(text(message)),
      error: (message) => logger.error(text(message))
    }
    updater.autoDownload = true
    updater.autoInstallOnAppQuit = true
    updater.on('update-not-available', () => this.#set({ kind: 'idle', checkedAt: clock.now() }))
    updater.on('update-available', ({ version }) => this.#set({ kind: 'downloading', version, percent: 0 }))
    updater.on('download-progress', ({ percent }) => this.#progress(percent))
    updater.on('update-downloaded', ({ version }) => this.#set({ kind: 'ready', version }))
    updater.on('error', (error) => this.#fail(error))
    return updater
  }

  /** Whole percents alone: the downloader tells far more often than anybody can see. */
  #progress(percent: number): void {
    if (this.#status.kind !== 'downloading' || Math.floor(percent) === this.#status.percent) return
    this.#set({ ...this.#status, percent: Math.floor(percent) })
  }

  /** electron-updater both emits an error and rejects with it. */
  #fail(error: unknown): void {
    if (this.#status.kind === 'failed') return
    const message = error instanceof Error ? (error.message.split('\n', 1)[0] ?? error.name) : String(error)
    this.#options.logger.warn('an update could not be had', { error: message })
    this.#set({ kind: 'failed', message, checkedAt: this.#options.clock.now() })
  }

  #set(status: UpdateStatus): void {
    this.#status = status
    for (const listener of this.#listeners) listener(status)
  }
}
