import { z } from 'zod'
import { backup, configChanges, pendingImport } from '../../src/shared/backups'
import { channelInput, channelPatch, channelView, timeouts } from '../../src/shared/channel'
import { channelTestResult, testStep } from '../../src/shared/channel-test'
import { clientConflict, clientOptions, clientView, driftedKey, fileProblem, keyChange } from '../../src/shared/clients'
import { clientKeyView } from '../../src/shared/client-key'
import { calls, events, streamCalls } from '../../src/shared/contract'
import { gatewayStatus, inFlightList } from '../../src/shared/gateway-status'
import { channelHealthView } from '../../src/shared/health'
import { applied, importCandidate, importPreview, importSource } from '../../src/shared/imports'
import { logFilter } from '../../src/shared/log-filter'
import { attemptRecord, exclusionRecord, requestRow } from '../../src/shared/request-log'
import { affinityStats, sessionView } from '../../src/shared/sessions'
import { settings, settingsPatch } from '../../src/shared/settings'
import { overview, writerStats } from '../../src/shared/stats'
import { updateStatus } from '../../src/shared/updates'
import { tokenUsage } from '../../src/shared/usage'
import { typeText } from './type-text'

const INTRODUCTION = `<!-- Generated from src/shared/contract.ts by "node scripts/generate-docs.mjs". Don't edit. -->

# The management API

Everything that the UI can do. In the desktop app the page reaches it over IPC; headless it is served over HTTP on the gateway's own port.

## Over HTTP

- **A call** is \`POST /api/<name>\` with its arguments as a JSON object (an empty body means none); the answer is 200 with the bare result.
- **The token**: every request carries \`Authorization: Bearer <management token>\`. \`routex serve\` prints the token at its start, a new one each time; set \`ROUTEX_MANAGEMENT_TOKEN\` to choose it. It is not a client key, and a client key is not it.
- **An error** is \`{ "code", "message", "details"? }\` with a status: 400 bad arguments (\`details.problems\` names each path and what is allowed there), 401 no or wrong token, 403 a web page of another origin, 404 not there, 405 not the method, 409 a conflict (managed by the config file, a name that is taken), 413 a body over 1 MiB (16 MiB for those that carry a file: \`config.preview\`, \`config.import\`, \`config.previewEncrypted\`, \`config.importEncrypted\`, \`imports.read\`), 421 a foreign host name, 422 a backup or an encrypted export that can't be read, a wrong passphrase, or a settings file that can't be changed, 500 a fault of Routex, which its log explains, 507 a disk that takes no more, or too little memory for a passphrase.
- **Events** are Server-Sent Events at \`GET /api/events\`, all of them or those that \`?names=a,b\` lists. Comments keep the stream alive every 15 s. A reader that is far too slow is cut off: connect again, and read the state anew.
- **Imports** are seen before they are done: \`imports.scan\` and \`imports.read\` answer a preview with an id, \`imports.apply\` adds what is picked of it. The secrets wait in Routex meanwhile; a backup is made first.
- **Secrets** never come back: a channel carries \`hasCredential\` and the last four characters of a long one, and the value of a header that looks like a credential reads \`****\` (sent back so, it stays as it was). Neither follows a channel to another origin: a change of \`baseUrl\` without them is refused with \`credential_needed\` (400), and so is trying it out there. Only \`clientKeys.create\`, \`clientKeys.rotate\`, \`clientKeys.reveal\`, \`clients.env\` and \`clients.snippets\` answer a key's text; what assistants' settings held is masked.
- Times are milliseconds since 1970, durations milliseconds. What is not known is null, never 0.

\`\`\`sh
curl http://127.0.0.1:8080/api/channels.list -H "authorization: Bearer $ROUTEX_MANAGEMENT_TOKEN" -d '{}'
curl -N http://127.0.0.1:8080/api/events?names=request.finished -H "authorization: Bearer $ROUTEX_MANAGEMENT_TOKEN"
\`\`\`
`

/** Shapes that several calls share, by the names that they have here. */
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  Channel: channelView,
  ChannelInput: channelInput,
  ChannelChange: channelPatch,
  Timeouts: timeouts,
  ChannelHealth: channelHealthView,
  ChannelTest: channelTestResult,
  TestStep: testStep,
  ClientKey: clientKeyView,
  Client: clientView,
  ClientOptions: clientOptions,
  ClientConflict: clientConflict,
  FileProblem: fileProblem,
  KeyChange: keyChange,
  DriftedKey: driftedKey,
  Settings: settings,
  SettingsChange: settingsPatch,
  GatewayStatus: gatewayStatus,
  InFlight: inFlightList,
  Overview: overview,
  SessionFigures: affinityStats,
  Session: sessionView,
  WriterFigures: writerStats,
  Backup: backup,
  ConfigChanges: configChanges,
  PendingImport: pendingImport,
  ImportSource: importSource,
  ImportPreview: importPreview,
  ImportCandidate: importCandidate,
  Imported: applied,
  UpdateStatus: updateStatus,
  LogFilter: logFilter,
  RequestRow: requestRow,
  Attempt: attemptRecord,
  Exclusion: exclusionRecord,
  TokenUsage: tokenUsage
}

/** All shapes but one have their names; that one is written out. */
function schemaOf(schema: z.ZodType, io: 'input' | 'output', self?: string): z.core.JSONSchema.BaseSchema {
  const metadata = z.registry<{ id?: string }>()
  for (const [id, shape] of Object.entries(SHAPES)) if (id !== self) metadata.add(shape, { id })
  return z.toJSONSchema(schema, { io, unrepresentable: 'any', metadata })
}

const shapeText = ([name, schema]: [string, z.ZodType]): string => {
  const io = /Input|Change|Filter/.test(name) ? 'input' : 'output'
  return `type ${name} = ${typeText(schemaOf(schema, io, name))}`
}

function block(title: string, schema: z.ZodType, io: 'input' | 'output'): string {
  const text = typeText(schemaOf(schema, io))
  return text === 'Record<string, never>' ? `${title}: none.` : `${title}:\n\n\`\`\`ts\ntype ${title} = ${text}\n\`\`\``
}

/** docs/api.md: every call and event of the contract. */
export function apiReference(): string {
  const callTexts = Object.entries(calls).map(([name, { summary, params, result }]) =>
    [`### \`${name}\``, summary, block('Arguments', params, 'input'), block('Result', result, 'output')].join('\n\n')
  )
  const streamTexts = Object.entries(streamCalls).map(([name, { summary, params }]) =>
    [`### \`${name}\``, summary, block('Arguments', params, 'input')].join('\n\n')
  )
  const eventTexts = Object.entries(events).map(([name, schema]) =>
    [`### \`${name}\``, block('Payload', schema, 'output')].join('\n\n')
  )
  return [
    INTRODUCTION,
    '## Calls',
    ...callTexts,
    '## Streamed calls',
    'Over HTTP alone; the answer is a stream of text instead of JSON. One that breaks off is cut, without its end.',
    ...streamTexts,
    '## Events',
    ...eventTexts,
    '## Shapes',
    `\`\`\`ts\n${Object.entries(SHAPES).map(shapeText).join('\n\n')}\n\`\`\``
  ].join('\n\n')
}
