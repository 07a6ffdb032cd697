import { join } from 'node:path'
import type { ClientConflict } from '../../../shared/clients'
import type { Surroundings } from '../client'
import { exists, fileConflict, foldersUp, movedFolderConflicts, readBeside, variableConflicts } from '../conflict'
import { valueAt, type Settings } from '../formats/settings-format'
import { textAt } from '../lead'

const blocks = <C extends ClientConflict['code']>(code: C) => ({ code, severity: 'blocks' as const })
const NAMES = ['opencode.jsonc', 'opencode.json']

const managedFolder = (platform: NodeJS.Platform): string => {
  if (platform === 'darwin') return '/Library/Application Support/opencode'
  if (platform === 'win32') return 'C:\\ProgramData\\opencode'
  return '/etc/opencode'
}

const divertsModel = (settings: Settings | null): boolean => {
  const model = textAt(settings, ['model'])
  return (
    (model !== null && !model.startsWith('routex/')) || valueAt(settings ?? {}, ['provider', 'routex']) !== undefined
  )
}

/** Files from the working folder up to its repository's root are laid over the user's own. */
async function nearerFolders({ machine, workingFolder }: Surroundings): Promise<readonly string[]> {
  if (workingFolder === null) return []
  const folders: string[] = []
  for (const folder of foldersUp(workingFolder)) {
    folders.push(folder)
    if (await exists(machine, join(folder, '.git'))) return folders
  }
  return folders.slice(0, 1)
}

async function strongerFiles(surroundings: Surroundings): Promise<readonly ClientConflict[]> {
  const { machine, location } = surroundings
  const managed = managedFolder(machine.platform)
  const folders = [managed, ...(await nearerFolders(surroundings))].filter((folder) => folder !== location.folder)
  const found = await Promise.all(
    folders.flatMap((folder) =>
      NAMES.map(async (name) => {
        const path = join(folder, name)
        if (!divertsModel(await readBeside(machine, path, 'json'))) return []
        const code = folder === managed ? 'managed_settings_win' : 'nearer_file_wins'
        const text = {
          message: `${path} sets a model or a provider routex of its own, which beats the user's`,
          fix: folder === managed ? 'Ask whoever administers this machine' : 'Take model and provider.routex out of it'
        }
        return [fileConflict(blocks(code), 'model', path, text)]
      })
    )
  )
  return found.flat()
}

function switchedOff({ documents: { config }, location }: Surroundings): readonly ClientConflict[] {
  const listed = (name: string): readonly unknown[] | null => {
    const value = valueAt(config ?? {}, [name])
    return Array.isArray(value) ? value : null
  }
  const isOff = listed('disabled_providers')?.includes('routex') === true
  const isNotOn = listed('enabled_providers')?.includes('routex') === false
  if (!isOff && !isNotOn) return []
  const subject = isOff ? 'disabled_providers' : 'enabled_providers'
  const place = location.files[0]?.path ?? ''
  const text = {
    message: `${subject} switches the provider routex off`,
    fix: isOff ? 'Take routex out of the list' : 'Add routex to the list'
  }
  return [fileConflict(blocks('setting_diverts'), subject, place, text)]
}

export async function conflicts(surroundings: Surroundings): Promise<readonly ClientConflict[]> {
  return [
    ...variableConflicts(
      surroundings,
      ['OPENCODE_CONFIG', 'OPENCODE_CONFIG_CONTENT', 'OPENCODE_CONFIG_DIR'],
      { code: 'variable_wins', severity: 'notes' },
      (name) => `What ${name} names is laid over the user's own settings`
    ),
    ...movedFolderConflicts(surroundings),
    ...switchedOff(surroundings),
    ...(await strongerFiles(surroundings))
  ]
}
