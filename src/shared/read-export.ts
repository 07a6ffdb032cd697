import './schemas-without-eval'
import { z } from 'zod'
import type { ExportResult } from './ipc'

const exportResult = z.discriminatedUnion('saved', [
  z.object({ saved: z.literal(true), path: z.string(), rows: z.int() }),
  z.object({ saved: z.literal(false) })
])

/** How an export ended, checked. Throws a ZodError when the other side speaks another version. */
export const readExportResult = (value: unknown): ExportResult => exportResult.parse(value)
