import type { FileConfig } from '../shared/config-file'
import { bindConflict } from '../shared/loopback'
import { RULES } from '../shared/rules'
import type { Settings } from '../shared/settings'
import type { Problem } from '../shared/validation'
import { pointsAtUs } from './api/loop-check'
import { isOwnHost, ownHostMessage } from './storage/config/own-host'

/**
 * What a config file gets wrong only in this place: a channel that leads back to this Routex (B41), keyless requests on an
 * address that others can reach, a host that is not this machine. `settings` are those in force without it; `overrides`
 * come from the command line and win.
 */
export function checkFile(
  file: FileConfig,
  settings: Settings,
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
  return problems
}
