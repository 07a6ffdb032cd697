import type { Channel } from '../../shared/channel'
import type { ProtocolId } from '../../shared/protocol'
import { matchesModel, plainNames } from '../protocols/model-name'
import { DEMO_MODEL } from './model-catalog'
import { DEFAULT_MODELS } from './sample-requests'

/** Names that a channel takes without asking its upstream: those that it names, else the vendor's usual one, else what its first glob is made of. */
export function namesOf({ managedBy, models, modelMap, protocol }: Channel): readonly [string, ...string[]] {
  if (managedBy === 'built-in') return [DEMO_MODEL]
  const mapped = plainNames(Object.keys(modelMap)).filter((name) => matchesModel(models, name))
  const [first, ...rest] = new Set([...plainNames(models), ...mapped])
  if (first !== undefined) return [first, ...rest]
  const usual = DEFAULT_MODELS[protocol]
  return [matchesModel(models, usual) ? usual : (models[0] ?? usual).replaceAll(/[*?]/g, '')]
}

const byPriority = (channels: readonly Channel[]): readonly Channel[] =>
  channels.toSorted((one, other) => one.priority - other.priority)

/** Of the channel that goes first. */
export const usualProtocolOf = (channels: readonly Channel[]): ProtocolId =>
  byPriority(channels)[0]?.protocol ?? 'anthropic'

/** What a client of this protocol can ask for, the usual name first; the vendor's where no channel takes any. */
export function offeredModels(channels: readonly Channel[], protocol: ProtocolId): readonly string[] {
  const names = byPriority(channels)
    .filter((channel) => channel.protocol === protocol)
    .flatMap(namesOf)
  return names.length === 0 ? [DEFAULT_MODELS[protocol]] : [...new Set(names)]
}
