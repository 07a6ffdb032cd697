import type { Client } from '../client'
import { conflicts } from './conflicts'
import { desiredKeys } from './desired'
import { locate } from './detect'
import { launch, launchConflicts } from './launch'
import { leadOf } from './read'

export const codex = {
  id: 'codex',
  name: 'Codex',
  protocols: ['openai-responses'],
  modelSlots: ['model'],
  program: { command: 'codex', packageName: '@openai/codex', folders: ['.local/bin'] },
  locate,
  leadOf,
  desiredKeys,
  conflicts,
  launch,
  launchConflicts
} satisfies Client
