import type { ClientConflict } from '../../../shared/clients'
import type { Launch, Surroundings, Wish } from '../client'
import { fileConflict } from '../conflict'
import { isSameAddress, textAt } from '../lead'
import { modelVariables } from './desired'

export function launch(wish: Wish): Launch {
  return {
    args: [],
    variables: [
      { name: 'ANTHROPIC_BASE_URL', value: wish.url, secret: false },
      { name: 'ANTHROPIC_AUTH_TOKEN', value: wish.key, secret: true },
      ...modelVariables(wish).map(([name, value]) => ({ name, value, secret: false }))
    ],
    unset: ['ANTHROPIC_API_KEY', 'CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_VERTEX', 'CLAUDE_CODE_USE_FOUNDRY']
  }
}

/** Seen: for the same name its settings beat the environment. */
export function launchConflicts(
  wish: Wish,
  { documents: { settings }, location }: Surroundings
): readonly ClientConflict[] {
  const url = textAt(settings, ['env', 'ANTHROPIC_BASE_URL'])
  const token = textAt(settings, ['env', 'ANTHROPIC_AUTH_TOKEN'])
  const isOther = (url !== null && !isSameAddress(url, wish.url)) || (token !== null && token !== wish.key)
  if (!isOther) return []
  const place = location.files[0]?.path ?? ''
  return [
    fileConflict({ code: 'file_wins', severity: 'blocks' }, 'env', place, {
      message: `${place} sets another base URL or token in env, which beats what it is started with`,
      fix: 'Connect Claude Code, or take them out of env'
    })
  ]
}
