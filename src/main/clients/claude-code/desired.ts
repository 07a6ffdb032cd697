import type { DesiredKey, Documents, Surroundings, Wish } from '../client'
import { textAt } from '../lead'

/** Each with the variable that names its model; the client asks for these names itself otherwise. */
export const MODEL_VARIABLES: Readonly<Record<string, string>> = {
  haiku: 'ANTHROPIC_DEFAULT_HAIKU_MODEL',
  sonnet: 'ANTHROPIC_DEFAULT_SONNET_MODEL',
  opus: 'ANTHROPIC_DEFAULT_OPUS_MODEL'
}

export const modelVariables = ({ options }: Wish): readonly (readonly [string, string])[] =>
  Object.entries(MODEL_VARIABLES).flatMap(([slot, name]) => {
    const model = options.models?.[slot]
    return model === undefined ? [] : [[name, model] as const]
  })

const variable = (name: string, value: string, part?: DesiredKey['part']): DesiredKey => ({
  role: 'settings',
  key: ['env', name],
  value,
  secret: part === 'credential',
  ...(part && { part })
})

/** Seen: without the flag its first start asks for a theme and a login, though it has a token. */
function onboarding({ state }: Documents, hasLogin: boolean): readonly DesiredKey[] {
  if (hasLogin || 'hasCompletedOnboarding' in (state ?? {})) return []
  return [{ role: 'state', key: ['hasCompletedOnboarding'], value: true }]
}

export function desiredKeys(wish: Wish, documents: Documents, surroundings: Surroundings): readonly DesiredKey[] {
  const { location, variables } = surroundings
  // A key that is set elsewhere would be sent beside our token; the file's empty one suppresses it (seen).
  const hasOtherKey =
    textAt(documents['settings'], ['env', 'ANTHROPIC_API_KEY']) !== null ||
    variables.where('ANTHROPIC_API_KEY') !== null
  return [
    variable('ANTHROPIC_BASE_URL', wish.url, 'address'),
    variable('ANTHROPIC_AUTH_TOKEN', wish.key, 'credential'),
    ...(hasOtherKey ? [variable('ANTHROPIC_API_KEY', '', 'credential')] : []),
    ...modelVariables(wish).map(([name, model]) => variable(name, model)),
    ...onboarding(documents, location.hasLogin)
  ]
}
