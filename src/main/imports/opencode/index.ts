import type { Importer } from '../importer'
import { find } from './find'
import { read } from './read'

export const openCode = { source: 'opencode', find, read } satisfies Importer
