import type { Budget } from '../shared/budget'
import type { Channel } from '../shared/channel'
import type { FileConfig } from '../shared/config-file'
import { bindConflict } from '../shared/loopback'
import { RULES } from '../shared/rules'
import type { Settings } from '../shared/settings'
import type { Problem } from '../shared/validation'
import { pointsAtUs } from './api/loop-check'
import { isOwnHost, ownHostMessage } from './storage/config/own-host'
import { slugOf } from './storage/config/slug'

/**
 * What a config file gets wrong only in this place: a channel that leads back to this Routex (B41), keyless requests on an
 * address that others can reach, a host that is not this machine, a budget that switches to a channel that neither the file
 * nor Routex has. `settings` and `saved` channels are those in force without it; `overrides` come from the command line and
 * win.
 */
export function checkFile(
  file: FileConfig,
  { saved, settings }: { readonly settings: Settings; readonly saved: readonly Channel[] },
  overrides: { readonly host?: string; readonly port?: number }
): readonly Problem[] {
  const host = overrides.host ?? file.settings.host ?? settings.host
  const port = overrides.port ?? file.settings.port ?? settings.port
  const conflict = bindConflict({ host, keyRequired: file.settings.keyRequired ?? settings.keyRequired })
  const problems: Problem[] = conflict === null ? [] : [{ path: 'settings.keyRequired', message: conflict }]
  if (overrides.host === undefined && file.settings.host !== undefined && !isOwnHost(host)) {
    problems.push({ path: 'settings.host', message: ownHostMessage(host) })
  }
  for (const [index, channel] of file.channels.entries()) {
    if (!pointsAtUs(channel.baseUrl, [{ host, port }])) continue
    problems.push({ path: `channels[${index}].baseUrl`, message: RULES.not_routex_itself })
  }
  return [...problems, ...unknownSwitches(file, saved)]
}

/** It would stop instead, and be noticed only then. */
function unknownSwitches({ channels, clientKeys }: FileConfig, saved: readonly Channel[]): readonly Problem[] {
  const all = [...channels.map(({ name }) => ({ id: `file:${slugOf(name)}`, name, slug: slugOf(name) })), ...saved]
  const check = (budget: Budget | null, path: string, own?: string): readonly Problem[] => {
    if (budget?.then !== 'switch') return []
    const others = all.filter(({ name }) => name !== own)
    const isKnown = others.some(({ id, name, slug }) => [id, name, slug].some((one) => one === budget.switchTo))
    if (isKnown) return []
    const names = others.map(({ name }) => JSON.stringify(name)).join(', ')
    const allowed = names === '' ? 'there is none' : `there are ${names}`
    return [{ path: `${path}.budget.switchTo`, message: `${RULES.another_channel}; ${allowed}` }]
  }
  return [
    ...channels.flatMap(({ budget, name }, index) => check(budget, `channels[${index}]`, name)),
    ...clientKeys.flatMap(({ budget }, index) => check(budget, `clientKeys[${index}]`))
  ]
}
