import type { Protocol } from '../protocol'
import { demoAnswer } from './demo'
import { judge, renderRefusal } from './error'
import { readRequest, renameModel, stripForeign, stripSignatures } from './request'
import { readAnswer } from './response'
import { brokenEnding, createInspector, createStreamReader, KEEP_ALIVE, mendedEnding } from './stream'

/** Google's Gemini API: https://ai.google.dev/api/generate-content */
export const gemini = {
  id: 'gemini',
  version: 'v1beta',
  framings: ['sse', 'json-array'],
  credentialHeaders: (credential) => ({ 'x-goog-api-key': credential }),
  readRequest,
  stripSignatures,
  stripForeign,
  renameModel,
  judge,
  renderRefusal,
  readAnswer,
  createStreamReader,
  createInspector,
  keepAlive: () => KEEP_ALIVE,
  brokenEnding,
  mendedEnding,
  demoAnswer
} satisfies Protocol
