import { replaceTopLevelString } from '../json-edit'
import type { Protocol } from '../protocol'
import { demoAnswer } from './demo'
import { judge, renderRefusal } from './error'
import { readRequest, stripForeign, stripSignatures } from './request'
import { readAnswer } from './response'
import { brokenEnding, createInspector, createStreamReader, KEEP_ALIVE, mendedEnding } from './stream'

/** Anthropic's Messages: https://platform.claude.com/docs/en/api/messages */
export const anthropic = {
  id: 'anthropic',
  version: 'v1',
  framings: ['sse'],
  credentialHeaders: (credential) => ({ 'x-api-key': credential }),
  readRequest: (_route, body) => readRequest(body),
  stripSignatures,
  stripForeign,
  renameModel: (body, sent) => replaceTopLevelString(body, 'model', sent),
  judge,
  renderRefusal,
  readAnswer,
  createStreamReader,
  createInspector,
  keepAlive: () => KEEP_ALIVE,
  brokenEnding,
  mendedEnding: (_framing, facts) => mendedEnding(facts),
  demoAnswer
} satisfies Protocol
