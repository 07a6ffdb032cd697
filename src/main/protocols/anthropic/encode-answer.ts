import { randomUUID } from 'node:crypto'
import { CUT, type Answer, type AnswerPart, type Asked } from '../canonical-answer'
import type { MediaPart } from '../canonical'
import { encodeHostedCall } from '../claude-hosted-calls'
import type { JsonObject } from '../foreign-json'
import { isWholeInput } from '../responses-calls'
import { fitCallId } from '../tool-ids'
import { encodeCitation } from './content'
import { encodeStopReason } from './finish'
import { encodeThinking } from './reasoning'
import { inputObject } from './tools'
import { messageUsage } from './usage'
import type { ContentBlock, Message } from './wire'

/** https://platform.claude.com/docs/en/api/messages */
export function encodeAnswer(answer: Answer, asked: Asked): JsonObject {
  const { parts, finish } = answer
  const cut = CUT.has(finish.reason)
  const message: Message = {
    ...emptyMessage(answer.id, asked),
    content: parts.flatMap((part) => encodePart(part, cut)),
    ...encodeStopReason(finish, {
      calls: parts.some(({ type }) => type === 'tool-call'),
      refusal: parts.some(({ type }) => type === 'refusal')
    }),
    usage: messageUsage(finish.usage)
  }
  return { ...message }
}

/** As a stream begins it, too. The model is named as the client did. */
export const emptyMessage = (id: string, asked: Asked): Message => ({
  id: messageId(id),
  type: 'message',
  role: 'assistant',
  model: asked.model,
  content: [],
  container: null,
  diagnostics: null,
  stop_details: null,
  stop_reason: null,
  stop_sequence: null,
  usage: messageUsage(null)
})

/** The upstream's, so that both logs can be compared. */
function messageId(id: string): string {
  if (!/^[\w-]{1,100}$/.test(id)) return `msg_${randomUUID().replaceAll('-', '')}`
  return id.startsWith('msg_') ? id : `msg_${id}`
}

/** Of a call that was cut nothing is told: its input would be another than the model was about to give. */
function encodePart(part: AnswerPart, cut: boolean): readonly ContentBlock[] {
  switch (part.type) {
    case 'text': {
      const citations = part.citations.length === 0 ? null : part.citations.map(encodeCitation)
      return part.text === '' ? [] : [{ type: 'text', text: part.text, citations }]
    }
    case 'refusal':
      return part.text === '' ? [] : [{ type: 'text', text: part.text, citations: null }]
    case 'reasoning':
      return [encodeThinking(part)]
    case 'tool-call':
      return [toolUse(part.id, part.name, cut && !isWholeInput(part.input, cut) ? '' : part.input)]
    case 'media':
      return [{ type: 'text', text: mediaText(part), citations: null }]
    case 'hosted-call':
      return encodeHostedCall(part)
  }
}

/** `input`: JSON text, '' while it is still to come. */
export const toolUse = (id: string, name: string, input: string): ContentBlock => ({
  type: 'tool_use',
  id: fitCallId(id),
  name,
  input: inputObject(input),
  caller: { type: 'direct' }
})

/** An answer holds no media here: an address is told, bytes are only named. */
export const mediaText = ({ media, mimeType, source }: MediaPart): string =>
  source.kind === 'url' ? `[${media}](${source.url})` : `[${media}: ${mimeType ?? 'unknown'}]`
