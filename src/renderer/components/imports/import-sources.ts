import type { ImportSource } from '../../../shared/imports'
import { m } from '../../lib/messages'

/** What each program is called, and which of its files can be read. */
const sources: Readonly<Record<ImportSource, { readonly name: () => string; readonly takes: () => string }>> = {
  'claude-code': { name: () => 'Claude Code', takes: m.imports_takes_claude_code },
  codex: { name: () => 'Codex', takes: m.imports_takes_codex },
  'gemini-cli': { name: () => 'Gemini CLI', takes: m.imports_takes_gemini_cli },
  opencode: { name: () => 'OpenCode', takes: m.imports_takes_opencode },
  'claude-code-router': { name: () => 'claude-code-router', takes: m.imports_takes_claude_code_router },
  'cc-switch': { name: () => 'cc-switch', takes: m.imports_takes_cc_switch },
  litellm: { name: () => 'LiteLLM', takes: m.imports_takes_litellm },
  ccflare: { name: () => 'ccflare', takes: m.imports_takes_ccflare },
  routex: { name: m.imports_original_routex, takes: m.imports_takes_routex }
}

export const sourceName = (source: ImportSource): string => sources[source].name()
export const sourceTakes = (source: ImportSource): string => sources[source].takes()
