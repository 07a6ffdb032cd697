import type { Answer, AnswerPart } from '../canonical-answer'
import { decodeHostedCall } from '../claude-hosted-calls'
import { isObject, listIn, memberOf, objectIn, textIn, type JsonObject } from '../foreign-json'
import { decodeCitations } from './content'
import { decodeFinish } from './finish'
import { decodeThinking } from './reasoning'
import { decodeToolUse } from './tools'
import { tokenUsage } from './usage'

/** https://platform.claude.com/docs/en/api/messages. Blocks of kinds that are not known are passed over. */
export function decodeAnswer(body: unknown): Answer {
  const uses = new Map<string, JsonObject>()
  const parts: AnswerPart[] = []
  for (const [index, block] of listIn(body, 'content').entries()) {
    const part = isObject(block) ? decodePart(block, index, uses) : null
    if (part !== null) parts.push(part)
  }
  const explanation = textIn(memberOf(body, 'stop_details'), 'explanation')
  if (explanation !== null) parts.push({ type: 'refusal', text: explanation })
  return {
    id: textIn(body, 'id') ?? '',
    parts,
    finish: decodeFinish(body, tokenUsage(objectIn(body, 'usage')))
  }
}

/** `uses`: of the vendor's own tools, by their ids, for the results that follow them. */
function decodePart(block: JsonObject, index: number, uses: Map<string, JsonObject>): AnswerPart | null {
  switch (textIn(block, 'type')) {
    case 'text':
      return decodeText(block)
    case 'thinking':
    case 'redacted_thinking':
      return decodeThinking(block)
    case 'tool_use':
      return decodeToolUse(block, 0, index)
    case 'server_tool_use':
      uses.set(textIn(block, 'id') ?? '', block)
      return null
    default:
      return decodeHostedCall(block, memberOf(uses.get(textIn(block, 'tool_use_id') ?? ''), 'input'))
  }
}

function decodeText(block: JsonObject): AnswerPart | null {
  const text = textIn(block, 'text')
  if (text === null) return null
  return { type: 'text', text, cache: null, citations: decodeCitations(memberOf(block, 'citations')) }
}
