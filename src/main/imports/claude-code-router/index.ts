import type { Importer } from '../importer'
import { find } from './find'
import { read } from './read'

export const claudeCodeRouter = { source: 'claude-code-router', find, read } satisfies Importer
