import { CUT, type Answer, type AnswerPart } from '../canonical-answer'
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
  const finish = decodeFinish(body, tokenUsage(objectIn(body, 'usage')))
  const isCutCall = CUT.has(finish.reason) && textIn(listIn(body, 'content').at(-1), 'type') === 'tool_use'
  const told = isCutCall ? withCutCall(parts) : parts
  const explanation = textIn(memberOf(body, 'stop_details'), 'explanation')
  return { id: textIn(body, 'id') ?? '', parts: [...told, ...explained(explanation, isCutCall)], finish }
}

/** A model that declined in its own words ended its answer, which encoders take for a whole one: not behind a call that it cut. */
function explained(explanation: string | null, isCutCall: boolean): readonly AnswerPart[] {
  if (explanation === null) return []
  if (isCutCall) return [{ type: 'text', text: explanation, cache: null, citations: [] }]
  return [{ type: 'refusal', text: explanation }]
}

/**
 * The limit that ended an answer may have ended its last call, whose input is made whole with what there was: "the response
 * contains an incomplete tool use block" (https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons). So it is
 * told as one that was not ended, and left out where nothing of its input is there.
 */
function withCutCall(parts: readonly AnswerPart[]): readonly AnswerPart[] {
  const last = parts.at(-1)
  if (last?.type !== 'tool-call') return parts
  const before = parts.slice(0, -1)
  return last.input === '{}' ? before : [...before, { ...last, input: last.input.slice(0, -'}'.length) }]
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
