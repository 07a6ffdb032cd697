import type { ClientConflict } from '../../../shared/clients'
import type { Surroundings } from '../client'
import { fileConflict, movedFolderConflicts, readBeside } from '../conflict'
import { textAt } from '../lead'

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

/** Up to 0.160 a profile chosen in the file sets its own provider; later versions refuse to start with one. */
function profile({ documents: { config }, location }: Surroundings): readonly ClientConflict[] {
  const name = textAt(config, ['profile'])
  if (name === null) return []
  const provider = textAt(config, ['profiles', name, 'model_provider'])
  if (provider === null || provider === 'routex') return []
  const place = location.files[0]?.path ?? ''
  return [
    fileConflict({ code: 'setting_diverts', severity: 'blocks' }, 'profile', place, {
      message: `profile = "${name}" sets a model_provider of its own, which beats ours`,
      fix: 'Take the line profile = … out'
    })
  ]
}

/** Variables of OpenAI concern its built-in provider alone (seen); a project's config.toml can't change the provider (seen). */
export async function conflicts(surroundings: Surroundings): Promise<readonly ClientConflict[]> {
  return [...movedFolderConflicts(surroundings), ...profile(surroundings), ...(await managed(surroundings))]
}
