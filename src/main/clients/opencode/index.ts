import type { Client } from '../client'
import { conflicts } from './conflicts'
import { desiredKeys } from './desired'
import { locate } from './detect'
import { launch, launchConflicts } from './launch'
import { leadOf } from './read'

export const opencode = {
  id: 'opencode',
  name: 'OpenCode',
  protocols: ['openai-chat', 'anthropic', 'openai-responses', 'gemini'],
  modelSlots: ['model', 'small'],
  program: { command: 'opencode', packageName: 'opencode-ai', folders: ['.opencode/bin'] },
  locate,
  leadOf,
  desiredKeys,
  conflicts,
  launch,
  launchConflicts
} satisfies Client
