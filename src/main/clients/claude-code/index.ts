import type { Client } from '../client'
import { conflicts } from './conflicts'
import { desiredKeys, MODEL_VARIABLES } from './desired'
import { locate } from './detect'
import { launch, launchConflicts } from './launch'
import { leadOf } from './read'

export const claudeCode = {
  id: 'claude-code',
  name: 'Claude Code',
  protocols: ['anthropic'],
  modelSlots: Object.keys(MODEL_VARIABLES),
  program: { command: 'claude', packageName: '@anthropic-ai/claude-code', folders: ['.claude/local', '.local/bin'] },
  locate,
  leadOf,
  desiredKeys,
  conflicts,
  launch,
  launchConflicts
} satisfies Client
