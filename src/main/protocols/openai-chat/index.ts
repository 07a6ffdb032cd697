import { replaceTopLevelString } from '../json-edit'
import type { Protocol } from '../protocol'
import { demoAnswer } from './demo'
import { judge, renderRefusal } from './error'
import { readRequest, stripForeign, stripSignatures } from './request'
import { readAnswer } from './response'
import { brokenEnding, createInspector, createStreamReader, KEEP_ALIVE, mendedEnding } from './stream'

/** OpenAI's Chat Completions, with Completions and Embeddings: https://platform.openai.com/docs/api-reference/chat */
export const openaiChat = {
  id: 'openai-chat',
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
  keepAlive: () => KEEP_ALIVE,
  brokenEnding: (_framing, facts, message) => brokenEnding(facts, message),
  mendedEnding: (_framing, facts) => mendedEnding(facts),
  demoAnswer
} satisfies Protocol
