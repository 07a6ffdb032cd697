import type { ClientConflict } from '../../../shared/clients'
import type { Documents, Launch, Surroundings, Wish } from '../client'
import { fileConflict } from '../conflict'
import { keyText, valueAt } from '../formats/settings-format'
import { divertingProfile } from './conflicts'
import { AUTH } from './desired'

const KEY_VARIABLE = 'ROUTEX_KEY'

/**
 * Its `-c` beats every file (seen). The key goes through the environment: arguments can be read by others. The values
 * stand without quotes, which it takes for texts, so that no shell can take the quotes away. A profile's own provider may
 * beat the one that is set so, and is overruled where it stands; a name with a dot can't be said in `-c`.
 */
export function launch({ url, key, options }: Wish, documents: Documents): Launch {
  const profile = divertingProfile(documents)
  const provider = {
    name: 'Routex',
    base_url: `${url}/v1`,
    wire_api: 'responses',
    env_key: KEY_VARIABLE
  }
  const settings = [
    'model_provider=routex',
    ...(profile !== null && /^[\w-]+$/.test(profile) ? [`profiles.${profile}.model_provider=routex`] : []),
    ...Object.entries(provider).map(([name, value]) => `model_providers.routex.${name}=${value}`)
  ]
  const model = options.models?.['model']
  return {
    args: [...settings.flatMap((setting) => ['-c', setting]), ...(model === undefined ? [] : ['-m', model])],
    variables: [{ name: KEY_VARIABLE, value: key, secret: true }],
    unset: []
  }
}

const blocks = { code: 'file_wins', severity: 'blocks' } as const

/** What its arguments may not overrule: a version from 0.161 on does not start with such a profile, and none with two credentials. */
export function launchConflicts(_wish: Wish, { documents, location }: Surroundings): readonly ClientConflict[] {
  const place = location.files[0]?.path ?? ''
  const profile = divertingProfile(documents)
  const hasAuth = valueAt(documents['config'] ?? {}, AUTH) !== undefined
  return [...(profile === null ? [] : [profileConflict(profile, place)]), ...(hasAuth ? [authConflict(place)] : [])]
}

const profileConflict = (profile: string, place: string): ClientConflict =>
  fileConflict(blocks, 'profile', place, {
    message: `profile = "${profile}" in ${place} sets a model_provider of its own, and newer versions of Codex do not start with it`,
    fix: 'Take the line profile = … out'
  })

const authConflict = (place: string): ClientConflict =>
  fileConflict(blocks, keyText(AUTH), place, {
    message: `${keyText(AUTH)} in ${place} stands beside our key, and Codex does not start with both`,
    fix: `Connect Codex, or take ${keyText(AUTH)} out`
  })
