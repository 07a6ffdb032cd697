import { z } from 'zod'
import { backup, backupName, configChanges, pendingImport } from './backups'
import { call, done, nothing } from './call'
import { applied, importPreview, importSource } from './imports'

/** Characters of a file that is sent whole; over HTTP the body of its call ends before. */
const MAX_FILE_TEXT = 16 * 1024 * 1024

const config = z.record(z.string(), z.unknown())
const encryptedExport = z.strictObject({
  text: z.string().min(1).max(MAX_FILE_TEXT),
  passphrase: z.string().min(1).max(1024)
})

const pickedFile = z
  .strictObject({
    source: importSource,
    text: z.string().max(MAX_FILE_TEXT).optional(),
    base64: z
      .string()
      .max(MAX_FILE_TEXT)
      .regex(/^[\w+/]*={0,2}$/, 'must be base64')
      .optional(),
    path: z.string().min(1).max(4096).optional()
  })
  .refine(
    ({ base64, path, text }) => [base64, path, text].filter((one) => one !== undefined).length === 1,
    'must hold one of text, base64 and path'
  )

const restored = z.object({ savedAs: backup, restartNeeded: z.boolean() })

/** Calls that bring configuration out and in: exports, backups, imports. Part of the contract. */
export const configCalls = {
  'config.export': call(
    'Channels, settings and the names of keys, as a config file without secrets.',
    nothing,
    z.object({ config })
  ),
  'config.preview': call('What `config.import` would do.', z.strictObject({ config }), configChanges),
  'config.import': call(
    'Adds the channels of an exported config; those whose name is taken are skipped and named.',
    z.strictObject({ config }),
    configChanges.pick({ added: true, skipped: true }).extend({
      /** Of the configuration as it was before; null when nothing was added. */
      backup: backup.nullable()
    })
  ),
  'config.exportEncrypted': call(
    'The whole configuration with its secrets as one text under a passphrase; what the config file manages is not in it.',
    z.strictObject({
      /** A short one could be guessed in days. */
      passphrase: z.string().min(8).max(1024)
    }),
    z.object({ text: z.string(), channels: z.int(), clientKeys: z.int() })
  ),
  'config.previewEncrypted': call('What `config.importEncrypted` would do.', encryptedExport, configChanges),
  'config.importEncrypted': call(
    'Puts channels and settings in the place of the present ones, which are backed up first: all, or nothing. Client keys that are here stay, so that no connected client is locked out; those of the export join them. `restartNeeded` as for `backups.restore`.',
    encryptedExport,
    restored
  ),
  'backups.list': call(
    'Copies of the configuration, the newest first.',
    nothing,
    z.object({ backups: z.array(backup) })
  ),
  'backups.create': call(
    'Makes a copy of the configuration. The last ten that were asked for are kept, and the last ten that Routex made by itself.',
    nothing,
    backup
  ),
  'backups.preview': call(
    'What `backups.restore` would do to the channels.',
    z.strictObject({ name: backupName }),
    configChanges
  ),
  'backups.restore': call(
    'Puts channels, settings and client keys back as they were; the present ones are backed up first. `restartNeeded`: host or port changed, which takes effect when the gateway is turned on again.',
    z.strictObject({ name: backupName }),
    restored
  ),
  'backups.delete': call('Deletes a copy.', z.strictObject({ name: backupName }), done),
  'imports.pending': call(
    'What a routex://import link asks for; null when nothing waits.',
    nothing,
    z.object({ pending: pendingImport.nullable() })
  ),
  'imports.scan': call(
    'Accounts of other programs on this machine: in their files and in Routex’s own environment. Nothing is added.',
    nothing,
    importPreview
  ),
  'imports.read': call(
    'Accounts in a file of another program: one of `text`, `base64` (for a database) and, on the desktop, `path`. Nothing is added.',
    pickedFile,
    importPreview
  ),
  'imports.apply': call(
    'Adds some of what was found, by their keys, after a backup; the preview is over then. 404 when it waits no more.',
    z.strictObject({ id: z.string(), picks: z.array(z.string()).min(1).max(1000) }),
    applied
  ),
  'imports.accept': call(
    'Adds all that can be added of what a link asks for, or of what was found, after a backup.',
    z.strictObject({ id: z.string() }),
    applied
  ),
  'imports.dismiss': call('Forgets it.', z.strictObject({ id: z.string() }), done)
} as const
