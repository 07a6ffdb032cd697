import { z } from 'zod'
import { clientKeyId } from './ids'
import { PROTOCOLS } from './protocol'
import { requestRow } from './request-log'

/** Programs whose settings Routex can change. Others are connected by what `clients.snippets` says. */
export const CLIENT_IDS = ['claude-code', 'codex', 'gemini-cli', 'opencode'] as const
export const clientId = z.enum(CLIENT_IDS)
export type ClientId = z.infer<typeof clientId>

export const SHELLS = ['sh', 'fish', 'powershell', 'cmd'] as const
export const shell = z.enum(SHELLS)
export type Shell = z.infer<typeof shell>

/** Why a file can't be changed; nothing is written then. */
export const FILE_PROBLEMS = [
  'folder_missing', // can be made: `createFolders`
  'not_a_folder',
  'not_a_file',
  'link_loop',
  'dangling_link',
  'unreadable',
  'read_only',
  'folder_read_only',
  'other_owner',
  'too_large',
  'not_text',
  'does_not_parse'
] as const
export const fileProblem = z.object({ code: z.enum(FILE_PROBLEMS), path: z.string(), message: z.string() })
export type FileProblem = Readonly<z.infer<typeof fileProblem>>

const CLIENT_CONFLICTS = [
  'variable_wins', // an environment variable beats the file
  'variable_sent_too', // a credential that the client sends beside ours
  'variable_diverts', // a variable sends the client elsewhere
  'variable_moves_folder', // a variable makes it read other files than these
  'nearer_file_wins', // a file of the project beats the user's own
  'managed_settings_win', // set by whoever administers the machine
  'setting_diverts', // another setting of the same file
  'setting_sent_too',
  'other_routex', // it goes through one with another data folder: `overOther` goes on all the same
  'hard_linked', // the file has another name, which will keep the old one
  'client_refuses_file', // its own parser takes less than what stands there
  'folder_untrusted', // it ignores our file there
  'needs_https', // it takes plain http from this machine alone
  'file_wins' // of a launch: its settings beat the environment
] as const
/** What keeps a client from Routex though its files are right, with what mends it. */
export const clientConflict = z.object({
  code: z.enum(CLIENT_CONFLICTS),
  /** `blocks`: requests don't come here, or fail; `notes`: they come all the same. */
  severity: z.enum(['blocks', 'notes']),
  /** The variable or setting. */
  subject: z.string(),
  /** A file, or `environment`: of Routex itself, or of where the question was asked. */
  place: z.string(),
  line: z.int().nullable(),
  message: z.string(),
  fix: z.string()
})
export type ClientConflict = Readonly<z.infer<typeof clientConflict>>

/** A value is null when there is none, and masked where it is a secret (`••••` and its last four characters). */
export const keyChange = z.object({
  file: z.string(),
  key: z.string(),
  kind: z.enum(['add', 'replace', 'remove', 'same']),
  before: z.string().nullable(),
  after: z.string().nullable(),
  /** Of a restore: somebody else added or changed it in the entry that is ours (`model_providers.routex`), and it goes with it. */
  theirs: z.boolean().optional()
})
export type KeyChange = Readonly<z.infer<typeof keyChange>>

/** Why a restore does not bring a key back to what it was, though nobody changed it. */
const LEFT_REASONS = [
  'address_changed', // a credential: ours goes, and the earlier one is for another address than the one that stands there
  'credential_changed' // stays as Routex wrote it: the credential that stands beside it was set for no other address
] as const

/** A key that was ours and that somebody changed since; restoring leaves it. */
export const driftedKey = z.object({
  file: z.string(),
  key: z.string(),
  /** Its value now (of a restore: then), masked as above; null: it is gone. */
  now: z.string().nullable(),
  /** Left out: it was changed. */
  why: z.enum(LEFT_REASONS).optional()
})
export type DriftedKey = Readonly<z.infer<typeof driftedKey>>

const clientState = z.discriminatedUnion('kind', [
  /** `url`: where its settings send it, when they say so. */
  z.object({ kind: z.literal('direct'), url: z.string().nullable() }),
  /** Through Routex, but set by hand. */
  z.object({ kind: z.literal('by_hand'), url: z.string() }),
  z.object({
    kind: z.literal('connected'),
    since: z.number(),
    url: z.string(),
    /** Not empty: changed since. */
    drift: z.array(driftedKey),
    /** What its files say is no longer so: the gateway's address, the key's text, a key that was revoked, the place of its files. */
    outdated: z.array(z.enum(['address', 'key', 'key_revoked', 'folder']))
  }),
  /** A change ended half-way: `clients.apply` completes it, `clients.restore` undoes it. */
  z.object({ kind: z.literal('interrupted'), phase: z.enum(['applying', 'restoring']), since: z.number() }),
  /** What was kept of its files can't be unsealed, so they can't be restored by us. */
  z.object({ kind: z.literal('record_lost'), since: z.number() })
])
export type ClientState = z.infer<typeof clientState>

export const clientOptions = z.strictObject({
  /** By slot (`modelSlots`): the name that the client asks for. */
  models: z.record(z.string().max(40), z.string().min(1).max(200)).optional(),
  /** Of those it can speak; the first channel's unless given. */
  protocol: z.enum(PROTOCOLS).optional()
})
export type ClientOptions = z.infer<typeof clientOptions>

const clientFile = z.object({
  path: z.string(),
  /** Where a symbolic link leads; null when it is none. */
  linkedTo: z.string().nullable(),
  exists: z.boolean(),
  problem: fileProblem.nullable()
})

export const clientView = z.object({
  id: clientId,
  /** As its makers write it. */
  name: z.string(),
  protocols: z.array(z.enum(PROTOCOLS)),
  modelSlots: z.array(z.string()),
  /** Its program or its folder was found. */
  found: z.boolean(),
  /** null: not found. `version` null: not to be seen without running it. */
  program: z.object({ path: z.string(), version: z.string().nullable() }).nullable(),
  folder: z.string(),
  files: z.array(clientFile),
  state: clientState,
  conflicts: z.array(clientConflict),
  /** The key made for it; `inUse` false: its files don't hold it now, so it can be revoked. */
  key: z.object({ id: clientKeyId, name: z.string(), last4: z.string(), inUse: z.boolean() }).nullable(),
  /** Chosen when it was last connected. */
  options: clientOptions,
  /** `clients.launch` can open it here. */
  canLaunch: z.boolean()
})
export type ClientView = z.infer<typeof clientView>

/** Where the question comes from, for what depends on it. */
export const clientSurroundings = {
  /** The working folder, absolute. */
  folder: z.string().max(4096).optional(),
  /** Names of variables that are set there (never their values). */
  variables: z.array(z.string().max(200)).max(500).optional()
}

export const clientPreview = z.object({
  client: clientId,
  action: z.enum(['apply', 'restore']),
  changes: z.array(keyChange),
  /** Drifted keys that restoring would leave. */
  left: z.array(driftedKey),
  files: z.array(
    z.object({
      path: z.string(),
      /** Unified, its secrets masked, long lines shortened; '' when nothing changes. */
      diff: z.string(),
      effect: z.enum(['create', 'change', 'delete', 'none'])
    })
  ),
  /** Folders that are missing; `createFolders` makes them. */
  missingFolders: z.array(z.string()),
  problems: z.array(fileProblem),
  conflicts: z.array(clientConflict),
  /** Of the files as they are now, for `clients.apply`. */
  basis: z.string()
})
export type ClientPreview = z.infer<typeof clientPreview>

export const clientVerification = z.object({
  ok: z.boolean(),
  protocol: z.enum(PROTOCOLS),
  model: z.string(),
  /** null: no answer came. */
  status: z.int().nullable(),
  message: z.string(),
  /** The row it left in the log. */
  row: requestRow.nullable(),
  /** What keeps the assistant itself from what was tested, where the question comes from. */
  conflicts: z.array(clientConflict)
})
export type ClientVerification = z.infer<typeof clientVerification>

export const clientEnvironment = z.object({
  program: z.string(),
  /** Arguments that belong to it, before those of the user. */
  args: z.array(z.string()),
  variables: z.array(z.object({ name: z.string(), value: z.string(), secret: z.boolean() })),
  /** Variables that must not be set beside these. */
  unset: z.array(z.string()),
  /** To be pasted into the shell that was asked for. Holds the key. */
  text: z.string(),
  conflicts: z.array(clientConflict)
})
export type ClientEnvironment = z.infer<typeof clientEnvironment>

const snippetPart = z.object({
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('file'), path: z.string() }),
    z.object({ kind: z.literal('shell') }),
    z.object({ kind: z.literal('install') }),
    z.object({ kind: z.literal('program') }),
    /** Fields to be filled in by hand, one a line. */
    z.object({ kind: z.literal('form') })
  ]),
  text: z.string(),
  /** In the place of the one before it, not beside it. */
  alternative: z.boolean()
})
export type SnippetPart = Readonly<z.infer<typeof snippetPart>>

/** What to copy where, for a program whose settings Routex does not change. Holds the key. */
export const clientSnippet = z.object({
  id: z.string(),
  name: z.string(),
  protocols: z.array(z.enum(PROTOCOLS)),
  /** The one it is filled with. */
  protocol: z.enum(PROTOCOLS),
  parts: z.array(snippetPart)
})
export type ClientSnippet = z.infer<typeof clientSnippet>
