import type { Importer } from '../importer'
import { find } from './find'
import { read } from './read'

export const liteLlm = { source: 'litellm', find, read } satisfies Importer
