import type { ProtocolId } from '../../../src/shared/protocol'
import type { Body } from '../vendors/asks/ask'

type Json = Readonly<Record<string, unknown>>

const listIn = (holder: Json, name: string): readonly Json[] => holder[name] as readonly Json[]

/** A client's next request: its last one, the whole answer as it came, and the result of the call in it. */
export const nextTurn = (client: ProtocolId, asked: Body, answer: Json, result: string): Body =>
  NEXT[client](asked, answer, result)

const NEXT: Readonly<Record<ProtocolId, (asked: Body, answer: Json, result: string) => Body>> = {
  anthropic(asked, answer, result) {
    const content = listIn(answer, 'content')
    const id = content.find(({ type }) => type === 'tool_use')?.['id']
    const results = [{ type: 'tool_result', tool_use_id: id, content: result }]
    const messages = [...listIn(asked, 'messages'), { role: 'assistant', content }, { role: 'user', content: results }]
    return { ...asked, messages }
  },
  'openai-chat'(asked, answer, result) {
    const message = listIn(answer, 'choices')[0]?.['message'] as Json
    const id = listIn(message, 'tool_calls')[0]?.['id']
    const messages = [...listIn(asked, 'messages'), message, { role: 'tool', tool_call_id: id, content: result }]
    return { ...asked, messages }
  },
  'openai-responses'(asked, answer, result) {
    const output = listIn(answer, 'output')
    const id = output.find(({ type }) => type === 'function_call')?.['call_id']
    const input = [...listIn(asked, 'input'), ...output, { type: 'function_call_output', call_id: id, output: result }]
    return { ...asked, input }
  },
  gemini(asked, answer, result) {
    const content = listIn(answer, 'candidates')[0]?.['content'] as Json
    const call = listIn(content, 'parts').find(({ functionCall }) => functionCall !== undefined)
    const { id, name } = (call?.['functionCall'] ?? {}) as Json
    const functionResponse = { ...(id !== undefined && { id }), name, response: { output: result } }
    const contents = [...listIn(asked, 'contents'), content, { role: 'user', parts: [{ functionResponse }] }]
    return { ...asked, contents }
  }
}
