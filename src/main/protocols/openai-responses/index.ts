import { replaceTopLevelString } from '../json-edit'
import type { Protocol } from '../protocol'
import { demoAnswer } from './demo'
import { judge, renderRefusal } from './error'
import { readRequest, stripForeign, stripSignatures } from './request'
import { readAnswer } from './response'
import { brokenEnding, createInspector, createStreamReader, keepAlive } from './stream'

/** OpenAI's Responses: https://platform.openai.com/docs/api-reference/responses */
export const openaiResponses = {
  id: 'openai-responses',
  version: 'v1',
  framings: ['sse'],
  credentialHeaders: (credential) => ({ authorization: `Bearer ${credential}` }),
  readRequest,
  stripSignatures,
  stripForeign,
  renameModel: (body, sent) => replaceTopLevelString(body, 'model', sent),
  judge,
  renderRefusal,
  readAnswer,
  createStreamReader,
  createInspector,
  keepAlive: (_framing, sequence) => keepAlive(sequence),
  brokenEnding: (_framing, facts, message) => brokenEnding(facts, message),
  mendedEnding: () => null,
  demoAnswer
} satisfies Protocol
