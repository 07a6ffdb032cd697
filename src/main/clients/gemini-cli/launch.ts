import type { ClientConflict } from '../../../shared/clients'
import type { Launch, Surroundings, Wish } from '../client'
import { fileConflict } from '../conflict'
import { textAt } from '../lead'
import { enforcedElsewhere } from './conflicts'
import { AUTH_TYPE } from './desired'

export function launch({ url, key, options }: Wish): Launch {
  const model = options.models?.['model']
  return {
    args: model === undefined ? [] : ['-m', model],
    variables: [
      { name: 'GOOGLE_GEMINI_BASE_URL', value: url, secret: false },
      { name: 'GEMINI_API_KEY', value: key, secret: true }
    ],
    unset: ['GOOGLE_API_KEY', 'GOOGLE_GENAI_USE_VERTEXAI', 'GOOGLE_GENAI_USE_GCA']
  }
}

/** Seen with 0.61: with a base URL in the environment and no choice in the settings it refuses to sign in. */
export function launchConflicts(_wish: Wish, surroundings: Surroundings): readonly ClientConflict[] {
  const { documents, location } = surroundings
  const enforced = enforcedElsewhere(surroundings)
  const chosen = textAt(documents['settings'], ['security', 'auth', 'selectedType'])
  return chosen === AUTH_TYPE ? enforced : [...enforced, notChosen(location, chosen)]
}

function notChosen(location: Surroundings['location'], chosen: string | null): ClientConflict {
  const place = location.files[1]?.path ?? ''
  const what = chosen === null ? 'chooses no way to sign in' : `chooses another way to sign in (${chosen})`
  return fileConflict({ code: 'file_wins', severity: 'blocks' }, 'security.auth.selectedType', place, {
    message: `${place} ${what}, and no variable can`,
    fix: 'Connect Gemini CLI, or choose "Use Gemini API key" when it asks'
  })
}
