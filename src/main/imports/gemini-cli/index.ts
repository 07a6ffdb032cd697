import type { Importer } from '../importer'
import { find } from './find'
import { read } from './read'

export const geminiCli = { source: 'gemini-cli', find, read } satisfies Importer
