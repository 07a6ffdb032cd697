import type { Importer } from '../importer'
import { find } from './find'
import { read } from './read'

export const ccSwitch = { source: 'cc-switch', find, read } satisfies Importer
