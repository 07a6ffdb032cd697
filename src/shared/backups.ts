import { z } from 'zod'
import { phraseSchema } from './phrase'
import { problem } from './problem'
import { PROTOCOLS } from './protocol'

/** Why a copy was made: somebody asked for it, or Routex made it before it changed much at once. */
export const BACKUP_REASONS = ['asked', 'import', 'restore', 'migration'] as const
const backupReason = z.enum(BACKUP_REASONS)
export type BackupReason = z.infer<typeof backupReason>

/** A copy of the whole configuration, its secrets still sealed, in the data folder's `backups`. */
export const backup = z.object({
  /** The file's name. */
  name: z.string(),
  /** ms since 1970. */
  at: z.number(),
  reason: backupReason,
  bytes: z.int(),
  channels: z.int(),
  clientKeys: z.int(),
  /** Why it can't be restored (damaged, or of a newer Routex), its counts then being 0; null when it can. */
  problem: z.string().nullable(),
  /** The same for programs, as a code of an error (`backup_damaged`). */
  problemCode: z.string().optional()
})
export type Backup = z.infer<typeof backup>

export const backupName = z.string().min(1).max(200)

/** What bringing something in would do, before anything is done. */
export const configChanges = z.object({
  /** Channels, by name. */
  added: z.array(z.string()),
  /** Channels that are here and would be other ones. */
  changed: z.array(z.string()),
  removed: z.array(z.string()),
  skipped: z.array(
    z.object({
      name: z.string(),
      reason: z.string(),
      /** The reason for programs, where it is one of the channel's values. */
      problems: z.array(problem).optional(),
      /** The same where it is none of them. */
      reasonPhrase: phraseSchema.optional().catch(undefined)
    })
  ),
  /** Settings that would be other ones (`port`, `retention.days`). One that the config file sets counts as the file has it. */
  settings: z.array(z.string()),
  /** Client keys, by name: which would work again, and which no more. */
  clientKeys: z.object({ added: z.array(z.string()), removed: z.array(z.string()) })
})
export type ConfigChanges = z.infer<typeof configChanges>

/** What a `routex://import` link asked for. It waits until the user has said yes; its keys stay in the main process. */
export const pendingImport = z.object({
  id: z.string(),
  /** Why the link can't be read at all; it has no channels then. */
  problem: z.string().nullable(),
  /** The same for programs. */
  problems: z.array(problem).optional(),
  channels: z.array(
    z.object({
      /** null: it has none. */
      name: z.string().nullable(),
      /** null: none that there is. */
      protocol: z.enum(PROTOCOLS).nullable(),
      baseUrl: z.string(),
      models: z.array(z.string()),
      hasCredential: z.boolean(),
      /** All else that it would have and that is not as it is by itself: names of fields, and values as JSON; of headers the names alone. */
      settings: z.array(z.object({ field: z.string(), value: z.string() })),
      /** Why it can't be added; null when it can. */
      problem: z.string().nullable(),
      /** The same for programs. */
      problems: z.array(problem).optional()
    })
  )
})
export type PendingImport = z.infer<typeof pendingImport>
