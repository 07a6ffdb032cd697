import { join } from 'node:path'
import type { Machine } from '../importer'

export const find = ({ home }: Machine): readonly string[] => [join(home, '.cc-switch', 'cc-switch.db')]
