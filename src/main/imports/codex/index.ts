import type { Importer } from '../importer'
import { find } from './find'
import { read } from './read'

export const codex = { source: 'codex', find, read } satisfies Importer
