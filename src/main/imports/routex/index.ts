import type { Importer } from '../importer'
import { find } from './find'
import { read } from './read'

export const originalRoutex = { source: 'routex', find, read } satisfies Importer
