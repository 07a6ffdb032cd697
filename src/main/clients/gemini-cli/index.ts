import type { Client } from '../client'
import { conflicts } from './conflicts'
import { desiredKeys } from './desired'
import { locate } from './detect'
import { launch, launchConflicts } from './launch'
import { leadOf } from './read'

export const geminiCli = {
  id: 'gemini-cli',
  name: 'Gemini CLI',
  protocols: ['gemini'],
  modelSlots: ['model'],
  program: { command: 'gemini', packageName: '@google/gemini-cli', folders: [] },
  locate,
  leadOf,
  desiredKeys,
  conflicts,
  launch,
  launchConflicts
} satisfies Client
