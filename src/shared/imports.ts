import { z } from 'zod'
import { backup, configChanges } from './backups'
import { channelView } from './channel'
import { phraseSchema } from './phrase'
import { problem } from './problem'
import { PROTOCOLS } from './protocol'

/** Programs whose accounts can be brought in. `routex` is the original Routex (dctx-team/Routex), not this one. */
export const IMPORT_SOURCES = [
  'claude-code',
  'codex',
  'gemini-cli',
  'opencode',
  'claude-code-router',
  'cc-switch',
  'litellm',
  'ccflare',
  'routex'
] as const
export const importSource = z.enum(IMPORT_SOURCES)
export type ImportSource = z.infer<typeof importSource>

/** Where what was found stands, when that is no file: in Routex’s own environment. */
export const ENVIRONMENT = 'environment'

/** What a candidate would be the second of: the same base URL and credential, whatever the protocol. */
const duplicateOf = z.discriminatedUnion('kind', [
  /** A channel that is here. */
  z.object({ kind: z.literal('channel'), id: z.string(), name: z.string() }),
  /** Another candidate, which stands before it. */
  z.object({ kind: z.literal('candidate'), key: z.string(), name: z.string() })
])

/** A channel that could be added. Its secrets stay in the main process. */
export const importCandidate = z.object({
  /** Names it in `picks`. */
  key: z.string(),
  source: importSource,
  /** The file it stands in, or `environment`. */
  from: z.string(),
  /** Where in the file: `Providers[2]`. */
  place: z.string(),
  /** The name it would get: made unique among the channels that are here and the candidates before it. */
  name: z.string(),
  protocol: z.enum(PROTOCOLS),
  /** Without a credential that stands in it, for which it is refused. */
  baseUrl: z.string(),
  credential: z
    .object({
      /** null: of so short a one the last four characters would be too much. */
      last4: z.string().nullable(),
      /** The variable of Routex's own environment that it was taken from; null: it stands in the file. */
      variable: z.string().nullable()
    })
    .nullable(),
  models: z.array(z.string()),
  modelMap: z.record(z.string(), z.string()),
  priority: z.number(),
  weight: z.number(),
  enabled: z.boolean(),
  /** Values that may be secret are masked. */
  headers: z.record(z.string(), z.string()),
  /** Headers whose values were taken from variables of Routex's own environment: which. */
  headerVariables: z.record(z.string(), z.string()),
  duplicateOf: duplicateOf.nullable(),
  /** Why it can't be added; null when it can. */
  problem: z.string().nullable(),
  /** The same for programs. */
  problems: z.array(problem),
  /** What to know of one that is added all the same: a key that is missing, what it lost. */
  notes: z.array(z.string()),
  /** The same for programs, in the same order; null: one that this side does not know. */
  notePhrases: z.array(phraseSchema.nullable().catch(null))
})
export type ImportCandidate = z.infer<typeof importCandidate>

/** Something of the source that no channel can say, or that is never taken. */
const notCarried = z.object({
  source: importSource,
  /** The file it stands in, or `environment`. */
  from: z.string(),
  what: z.string(),
  /** The same for programs; null where it is a name in the file. */
  whatPhrase: phraseSchema.nullish().catch(undefined),
  why: z.string(),
  /** The same for programs. */
  whyPhrase: phraseSchema.optional().catch(undefined)
})

/** A file that was looked at. */
const importFile = z.object({
  source: importSource,
  path: z.string(),
  /** Why nothing could be read of it; null when it could. */
  problem: z.string().nullable(),
  /** The same for programs. */
  problemPhrase: phraseSchema.nullish().catch(undefined)
})

/** What could be brought in, judged as things are now. */
export const importPreview = z.object({
  /** Waits, with its secrets, in the main process until something of it is applied, it is dismissed, or eight newer ones came. */
  id: z.string(),
  files: z.array(importFile),
  candidates: z.array(importCandidate),
  notCarried: z.array(notCarried)
})
export type ImportPreview = z.infer<typeof importPreview>

/** What was brought in. */
export const applied = z.object({
  added: z.array(channelView),
  /** What was to be added and is not. */
  skipped: configChanges.shape.skipped,
  /** Of the configuration as it was before. */
  backup
})
