import type { Importer } from '../importer'
import { find } from './find'
import { read } from './read'

export const ccflare = { source: 'ccflare', find, read } satisfies Importer
