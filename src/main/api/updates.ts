import type { Stop } from '../../shared/ports'
import type { UpdateStatus } from '../../shared/updates'

/** What looks for a newer Routex and installs it; the desktop shell implements it. */
export interface Updates {
  status(): UpdateStatus
  /** Looks now; resolves with what came of it, which may be that it failed. */
  check(): Promise<UpdateStatus>
  /** Quits, installs what was downloaded, and starts again; does nothing while nothing is ready. */
  install(): Promise<UpdateStatus>
  onChange(listener: (status: UpdateStatus) => void): Stop
}

const UNSUPPORTED: UpdateStatus = { kind: 'unsupported' }

/** Of a program that whoever installed it also updates: headless, or the desktop app out of its sources. */
export const noUpdates: Updates = {
  status: () => UNSUPPORTED,
  check: () => Promise.resolve(UNSUPPORTED),
  install: () => Promise.resolve(UNSUPPORTED),
  onChange: () => () => undefined
}
