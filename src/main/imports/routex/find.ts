import { join } from 'node:path'
import type { Machine } from '../importer'

/** Its folder is `data` where it was started, which nobody can know: only what a variable names can be found. */
export function find({ environment }: Machine): readonly string[] {
  const [file, folder] = [environment['DATABASE_PATH'], environment['DATA_DIR']]
  if (file !== undefined && file !== '') return [file]
  return folder === undefined || folder === '' ? [] : [join(folder, 'routex.db')]
}
