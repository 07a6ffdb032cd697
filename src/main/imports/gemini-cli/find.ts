import { join } from 'node:path'
import type { Machine } from '../importer'

/** Its own `.env` wins over that of the home folder, which it takes when it has none. */
export function find({ home }: Machine): readonly string[] {
  return [join(home, '.gemini', '.env'), join(home, '.env'), join(home, '.gemini', 'settings.json')]
}
