import { join } from 'node:path'
import type { Machine } from '../importer'

/** LiteLLM is told where its file is; only what a variable names can be found, and the folder that its docs use. */
export function find({ environment, home }: Machine): readonly string[] {
  const named = environment['CONFIG_FILE_PATH'] ?? environment['LITELLM_CONFIG_PATH']
  const usual = [
    join(home, '.litellm', 'config.yaml'),
    join(home, '.config', 'litellm', 'config.yaml'),
    join(home, 'litellm_config.yaml')
  ]
  return named === undefined || named === '' ? usual : [named, ...usual]
}
