import type { ClientConflict } from '../../../shared/clients'
import type { Documents, Surroundings } from '../client'
import { fileConflict, movedFolderConflicts, readBeside } from '../conflict'
import { keyText, valueAt } from '../formats/settings-format'
import { textAt } from '../lead'
import { AUTH, PROVIDER } from './desired'

/** Read before and after the user's own file (strings of the binary, 0.171). Not on Windows. */
const MANAGED = '/etc/codex/managed_config.toml'

async function managed({ machine }: Surroundings): Promise<readonly ClientConflict[]> {
  if (machine.platform === 'win32') return []
  const provider = textAt(await readBeside(machine, MANAGED, 'toml'), ['model_provider'])
  if (provider === null || provider === 'routex') return []
  return [
    fileConflict({ code: 'managed_settings_win', severity: 'blocks' }, 'model_provider', MANAGED, {
      message: `${MANAGED} sets model_provider, which beats the user's own`,
      fix: 'Ask whoever administers this machine'
    })
  ]
}

/** The profile chosen in the file, when it sets a provider that is not ours; null: there is none. */
export function divertingProfile({ config }: Documents): string | null {
  const name = textAt(config, ['profile'])
  if (name === null) return null
  const provider = textAt(config, ['profiles', name, 'model_provider'])
  return provider === null || provider === 'routex' ? null : name
}

/** Up to 0.160 a profile chosen in the file sets its own provider; later versions refuse to start with one. */
function profile({ documents, location }: Surroundings): readonly ClientConflict[] {
  const name = divertingProfile(documents)
  if (name === null) return []
  const place = location.files[0]?.path ?? ''
  return [
    fileConflict({ code: 'setting_diverts', severity: 'blocks' }, 'profile', place, {
      message: `profile = "${name}" sets a model_provider of its own, which beats ours`,
      fix: 'Take the line profile = … out'
    })
  ]
}

/** While our token stands beside it; connecting takes it out. */
function rivalAuth({ documents: { config }, location }: Surroundings): readonly ClientConflict[] {
  const hasToken = textAt(config, [...PROVIDER, 'experimental_bearer_token']) !== null
  if (!hasToken || valueAt(config ?? {}, AUTH) === undefined) return []
  return [
    fileConflict({ code: 'setting_diverts', severity: 'blocks' }, keyText(AUTH), location.files[0]?.path ?? '', {
      message: `${keyText(AUTH)} stands beside experimental_bearer_token, and Codex does not start with both`,
      fix: `Take ${keyText(AUTH)} out`
    })
  ]
}

/** Variables of OpenAI concern its built-in provider alone (seen); a project's config.toml can't change the provider (seen). */
export async function conflicts(surroundings: Surroundings): Promise<readonly ClientConflict[]> {
  return [
    ...movedFolderConflicts(surroundings),
    ...profile(surroundings),
    ...rivalAuth(surroundings),
    ...(await managed(surroundings))
  ]
}
