import { join } from 'node:path'
import type { ClientConflict } from '../../../shared/clients'
import type { Surroundings } from '../client'
import { fileConflict, movedFolderConflicts, readBeside, variableConflicts } from '../conflict'
import { valueAt, type Settings } from '../formats/settings-format'
import { textAt } from '../lead'

const OTHER_CLOUDS = ['CLAUDE_CODE_USE_BEDROCK', 'CLAUDE_CODE_USE_VERTEX', 'CLAUDE_CODE_USE_FOUNDRY']
const OURS = ['ANTHROPIC_BASE_URL', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_API_KEY']

const managedSettings = (platform: NodeJS.Platform): string => {
  if (platform === 'darwin') return '/Library/Application Support/ClaudeCode/managed-settings.json'
  if (platform === 'win32') return 'C:\\Program Files\\ClaudeCode\\managed-settings.json'
  return '/etc/claude-code/managed-settings.json'
}

/** Of our variables, those that another settings file sets too. */
const namesSetIn = (settings: Settings | null): readonly string[] =>
  settings === null ? [] : [...OURS, ...OTHER_CLOUDS].filter((name) => valueAt(settings, ['env', name]) !== undefined)

async function strongerFiles({ machine, location, workingFolder }: Surroundings): Promise<readonly ClientConflict[]> {
  const managed = managedSettings(machine.platform)
  const ofProject =
    workingFolder === null
      ? []
      : ['settings.local.json', 'settings.json'].map((name) => join(workingFolder, '.claude', name))
  const own = location.files[0]?.path
  const found = await Promise.all(
    [managed, ...ofProject.filter((path) => path !== own)].map(async (path) => {
      const names = namesSetIn(await readBeside(machine, path, 'json'))
      const code = path === managed ? 'managed_settings_win' : 'nearer_file_wins'
      return names.map((name) =>
        fileConflict({ code, severity: 'blocks' }, name, path, {
          message: `${path} sets ${name}, which beats the user's own settings`,
          fix: path === managed ? 'Ask whoever administers this machine' : `Take ${name} out of its env`
        })
      )
    })
  )
  return found.flat()
}

function ownSettings({ documents: { settings }, location }: Surroundings): readonly ClientConflict[] {
  const place = location.files[0]?.path ?? ''
  const diverted = OTHER_CLOUDS.filter((name) => textAt(settings, ['env', name]) !== null).map((name) =>
    fileConflict({ code: 'setting_diverts', severity: 'blocks' }, name, place, {
      message: `env.${name} sends Claude Code to another cloud, whatever its base URL says`,
      fix: `Take ${name} out of env`
    })
  )
  if (textAt(settings, ['apiKeyHelper']) === null) return diverted
  return [
    ...diverted,
    fileConflict({ code: 'setting_sent_too', severity: 'notes' }, 'apiKeyHelper', place, {
      message: 'What apiKeyHelper answers is sent beside our token; Routex takes whichever is its own',
      fix: 'Take apiKeyHelper out to send ours alone'
    })
  ]
}

export async function conflicts(surroundings: Surroundings): Promise<readonly ClientConflict[]> {
  return [
    ...variableConflicts(
      surroundings,
      ['ANTHROPIC_API_KEY'],
      { code: 'variable_sent_too', severity: 'notes' },
      (name) => `${name} would be sent beside our token; an empty one in the settings suppresses it`
    ),
    ...variableConflicts(
      surroundings,
      OTHER_CLOUDS,
      { code: 'variable_diverts', severity: 'blocks' },
      (name) => `${name} sends Claude Code to another cloud, whatever its settings say`
    ),
    ...movedFolderConflicts(surroundings),
    ...ownSettings(surroundings),
    ...(await strongerFiles(surroundings))
  ]
}
