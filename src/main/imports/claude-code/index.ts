import type { Importer } from '../importer'
import { find } from './find'
import { read } from './read'

export const claudeCode = { source: 'claude-code', find, read } satisfies Importer
