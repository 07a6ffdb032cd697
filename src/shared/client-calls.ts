import { z } from 'zod'
import { call, done, nothing } from './call'
import {
  clientConflict,
  clientEnvironment,
  clientId,
  clientOptions,
  clientPreview,
  clientSnippet,
  clientSurroundings,
  clientVerification,
  clientView,
  driftedKey,
  keyChange,
  shell
} from './clients'
import { clientKeyId } from './ids'
import { PROTOCOLS } from './protocol'

/** Calls on the assistants that go through Routex. */
export const clientCalls = {
  'clients.list': call(
    'The assistants whose settings Routex can change, with how it stands with each. `folder` and `variables`: where the question comes from, for conflicts that depend on it.',
    z.strictObject(clientSurroundings),
    z.object({
      clients: z.array(clientView),
      /** Routex did not end in order last time, while clients were connected: keep them (`clients.keep`) or restore them. */
      afterCrash: z.object({ since: z.number() }).nullable()
    })
  ),
  'clients.preview': call(
    'What `clients.apply` or `clients.restore` would change, as diffs without secrets. 409 while the gateway is off, or when there is nothing to restore.',
    z.strictObject({
      client: clientId,
      action: z.enum(['apply', 'restore']).default('apply'),
      options: clientOptions.optional(),
      ...clientSurroundings
    }),
    clientPreview
  ),
  'clients.apply': call(
    'Connects an assistant: writes its settings, with a key of its own. All of its files are changed, or none. 422 with what is wrong with a file; 409 when it is not as it was previewed (`basis`), or goes through another Routex (`overOther`).',
    z.strictObject({
      client: clientId,
      /** As when it was last connected unless given. */
      options: clientOptions.optional(),
      createFolders: z.boolean().default(false),
      basis: z.string().max(100).optional(),
      /** Goes on though the assistant goes through another Routex (conflict `other_routex`): the user was asked. */
      overOther: z.boolean().default(false),
      variables: clientSurroundings.variables
    }),
    z.object({ client: clientView, changes: z.array(keyChange) })
  ),
  'clients.restore': call(
    'Brings the settings back as they were. What was changed since stays, and is named in `left`; the key stays, unused. 409 while it goes through another Routex (`overOther`).',
    z.strictObject({
      client: clientId,
      /** Goes on though the assistant goes through another Routex (conflict `other_routex`): the user was asked. */
      overOther: z.boolean().default(false)
    }),
    z.object({ client: clientView, changes: z.array(keyChange), left: z.array(driftedKey) })
  ),
  'clients.keep': call('Leaves the connected clients as they are after a crash.', nothing, done),
  'clients.verify': call(
    'Sends one small request as the assistant would, with what its settings say, and tells which row it left in the log, and what beats those settings where the question comes from.',
    z.strictObject({ client: clientId, model: z.string().min(1).max(200).optional(), ...clientSurroundings }),
    clientVerification
  ),
  'clients.launch': call(
    'Opens the assistant in a terminal with its environment set, without touching its files. Desktop only.',
    z.strictObject({ client: clientId, folder: clientSurroundings.folder }),
    z.object({ terminal: z.string(), conflicts: z.array(clientConflict) })
  ),
  'clients.env': call(
    'What the assistant is started with to go through Routex. Holds its key.',
    z.strictObject({ client: clientId, shell: shell.default('sh'), ...clientSurroundings }),
    clientEnvironment
  ),
  'clients.snippets': call(
    'What to copy where, for programs that are connected by hand. Holds a key: the default one unless another is named.',
    z.strictObject({
      shell: shell.default('sh'),
      protocol: z.enum(PROTOCOLS).optional(),
      model: z.string().min(1).max(200).optional(),
      keyId: clientKeyId.optional()
    }),
    z.object({ snippets: z.array(clientSnippet) })
  )
} as const
