import type { networkInterfaces } from 'node:os'
import type { Clock, Stop } from '../../shared/ports'

/** How often the addresses are looked at, ms. One look takes about a tenth of a millisecond. */
const LOOK_EVERY_MS = 5000

export interface NetworkWatchOptions {
  readonly clock: Clock
  /** `networkInterfaces` of node:os. */
  readonly interfaces: typeof networkInterfaces
  readonly onChange: () => void
}

/**
 * B43: tells when this machine got other addresses: another Wi-Fi, a cable, a VPN. Electron's main process has no event for
 * it (`online` and `offline` are the page's, and there may be no window), so the addresses are looked at. Link-local ones
 * are left out: containers bring and take those all day, and no upstream is reached by them.
 */
export function watchNetwork({ clock, interfaces, onChange }: NetworkWatchOptions): Stop {
  const addresses = (): string =>
    Object.entries(interfaces())
      .flatMap(([name, present = []]) => present.map(({ address, internal }) => ({ name, address, internal })))
      .filter(({ address, internal }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
      .map(({ name, address }) => `${name} ${address}`)
      .sort()
      .join('\n')
  let known = addresses()
  return clock.every(LOOK_EVERY_MS, () => {
    const found = addresses()
    if (found === known) return
    known = found
    onChange()
  })
}
