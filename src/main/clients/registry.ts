import type { ClientId } from '../../shared/clients'
import { claudeCode } from './claude-code'
import type { Client } from './client'
import { codex } from './codex'
import { geminiCli } from './gemini-cli'
import { opencode } from './opencode'

/** Every client whose settings Routex can change. */
export const clients: Readonly<Record<ClientId, Client>> = {
  'claude-code': claudeCode,
  codex,
  'gemini-cli': geminiCli,
  opencode
}
