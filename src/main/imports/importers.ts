import type { ImportSource } from '../../shared/imports'
import { ccSwitch } from './cc-switch'
import { ccflare } from './ccflare'
import { claudeCode } from './claude-code'
import { claudeCodeRouter } from './claude-code-router'
import { codex } from './codex'
import { geminiCli } from './gemini-cli'
import type { Importer } from './importer'
import { liteLlm } from './litellm'
import { openCode } from './opencode'
import { originalRoutex } from './routex'

const BY_SOURCE = {
  'claude-code': claudeCode,
  codex,
  'gemini-cli': geminiCli,
  opencode: openCode,
  'claude-code-router': claudeCodeRouter,
  'cc-switch': ccSwitch,
  litellm: liteLlm,
  ccflare,
  routex: originalRoutex
} satisfies Record<ImportSource, Importer>

/** Every importer, in the order in which what they find is shown. */
export const importers: readonly Importer[] = Object.values(BY_SOURCE)

export const importerOf = (source: ImportSource): Importer => BY_SOURCE[source]
