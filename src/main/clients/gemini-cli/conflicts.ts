import { join } from 'node:path'
import type { ClientConflict } from '../../../shared/clients'
import { isLoopbackHost } from '../../../shared/loopback'
import type { Surroundings } from '../client'
import { exists, fileConflict, foldersUp, movedFolderConflicts, readBeside, variableConflicts } from '../conflict'
import { valueAt } from '../formats/settings-format'
import { textAt } from '../lead'
import { AUTH_TYPE } from './desired'

const blocks = <C extends ClientConflict['code']>(code: C) => ({ code, severity: 'blocks' as const })

const systemSettings = (platform: NodeJS.Platform): string => {
  if (platform === 'darwin') return '/Library/Application Support/GeminiCli/settings.json'
  if (platform === 'win32') return 'C:\\ProgramData\\gemini-cli\\settings.json'
  return '/etc/gemini-cli/settings.json'
}

/** The first `.env` from the working folder upwards is the only one that it reads (seen). */
async function nearerEnv({ machine, location, workingFolder }: Surroundings): Promise<readonly ClientConflict[]> {
  const own = join(location.folder, '.env')
  for (const folder of workingFolder === null ? [] : foldersUp(workingFolder)) {
    for (const path of [join(folder, '.gemini', '.env'), join(folder, '.env')]) {
      if (path === own) return []
      if (!(await exists(machine, path))) continue
      return [
        fileConflict(blocks('nearer_file_wins'), '.env', path, {
          message: `Gemini CLI reads ${path} in this folder, and then not its own ${own}`,
          fix: `Put GOOGLE_GEMINI_BASE_URL and GEMINI_API_KEY into ${path} too, or move it`
        })
      ]
    }
  }
  return []
}

/** In a folder that is not trusted it ignores its own .env as well (seen with 0.61). */
async function untrusted({
  machine,
  location,
  workingFolder,
  documents
}: Surroundings): Promise<readonly ClientConflict[]> {
  const isOff = valueAt(documents['settings'] ?? {}, ['security', 'folderTrust', 'enabled']) === false
  if (workingFolder === null || isOff) return []
  const path = join(location.folder, 'trustedFolders.json')
  const trusted = (await readBeside(machine, path, 'json')) ?? {}
  const trust = foldersUp(workingFolder)
    .map((folder, depth) => trustOf(trusted[folder], depth))
    .find((found) => found !== null)
  if (trust === true) return []
  return [
    fileConflict(blocks('folder_untrusted'), workingFolder, path, {
      message: `Gemini CLI does not trust ${workingFolder}, and ignores its own .env there`,
      fix: 'Trust the folder when Gemini CLI asks, or with /permissions'
    })
  ]
}

function trustOf(word: unknown, depth: number): boolean | null {
  if (word === 'DO_NOT_TRUST') return depth === 0 ? false : null
  return word === 'TRUST_FOLDER' || word === 'TRUST_PARENT' ? true : null
}

async function strongerSettings({
  machine,
  location,
  workingFolder
}: Surroundings): Promise<readonly ClientConflict[]> {
  const system = systemSettings(machine.platform)
  const ofProject = workingFolder === null ? [] : [join(workingFolder, '.gemini', 'settings.json')]
  const own = join(location.folder, 'settings.json')
  const found = await Promise.all(
    [system, ...ofProject.filter((path) => path !== own)].map(async (path) => {
      const settings = await readBeside(machine, path, 'json')
      const chosen =
        textAt(settings, ['security', 'auth', 'enforcedType']) ?? textAt(settings, ['security', 'auth', 'selectedType'])
      if (chosen === null || chosen === AUTH_TYPE) return []
      const code = path === system ? 'managed_settings_win' : 'nearer_file_wins'
      const text = {
        message: `${path} chooses another way to sign in (${chosen}), which beats the user's own`,
        fix: path === system ? 'Ask whoever administers this machine' : 'Take security.auth out of it'
      }
      return [fileConflict(blocks(code), 'security.auth', path, text)]
    })
  )
  return found.flat()
}

/** It then refuses every other way, whatever is chosen. */
export function enforcedElsewhere({ documents, location }: Surroundings): readonly ClientConflict[] {
  const enforced = textAt(documents['settings'], ['security', 'auth', 'enforcedType'])
  if (enforced === null || enforced === AUTH_TYPE) return []
  const path = join(location.folder, 'settings.json')
  return [
    fileConflict(blocks('setting_diverts'), 'security.auth.enforcedType', path, {
      message: `${path} enforces another way to sign in (enforcedType ${enforced}), so Gemini CLI refuses our key`,
      fix: 'Take security.auth.enforcedType out of it'
    })
  ]
}

function plainHttp({ url, location }: Surroundings): readonly ClientConflict[] {
  if (url === null || !url.startsWith('http:') || isLoopbackHost(new URL(url).hostname)) return []
  return [
    fileConflict(blocks('needs_https'), 'GOOGLE_GEMINI_BASE_URL', join(location.folder, '.env'), {
      message: `Gemini CLI takes plain http from this machine alone, and ${url} is another address`,
      fix: 'Let Routex listen on 127.0.0.1, or put TLS in front of it'
    })
  ]
}

function strongerVariables(surroundings: Surroundings): readonly ClientConflict[] {
  const { documents, variables } = surroundings
  const isSame = (name: string): boolean => {
    const value = variables.where(name)?.value ?? null
    return value !== null && value === textAt(documents['env'], [name])
  }
  const names = ['GEMINI_API_KEY', 'GOOGLE_GEMINI_BASE_URL'].filter((name) => !isSame(name))
  return variableConflicts(
    surroundings,
    names,
    blocks('variable_wins'),
    (name) => `${name} of the shell beats the .env`
  )
}

export async function conflicts(surroundings: Surroundings): Promise<readonly ClientConflict[]> {
  return [
    ...strongerVariables(surroundings),
    ...movedFolderConflicts(surroundings),
    ...plainHttp(surroundings),
    ...enforcedElsewhere(surroundings),
    ...(await nearerEnv(surroundings)),
    ...(await untrusted(surroundings)),
    ...(await strongerSettings(surroundings))
  ]
}
