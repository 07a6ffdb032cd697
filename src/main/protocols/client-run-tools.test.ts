import type Anthropic from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'
import type { ProtocolId } from '../../shared/protocol'
import { listIn, memberOf, objectIn, parseJson, textIn, type JsonObject } from './foreign-json'
import { Losses } from './losses'
import { translators } from './translators'

function decoded(client: ProtocolId, request: JsonObject) {
  const losses = new Losses()
  return { conversation: translators[client].decodeRequest(request, losses), losses }
}

const HISTORY: readonly JsonObject[] = [
  { role: 'user', content: 'fix it' },
  { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'bash', input: { command: 'ls' } }] },
  { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'a.py' }] }
]
const asked = (tools: readonly JsonObject[]) =>
  decoded('anthropic', { max_tokens: 9000, messages: HISTORY, tools, tool_choice: { type: 'any' } })

const TOOLS: readonly JsonObject[] = [
  { type: 'bash_20250124', name: 'bash' },
  { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool', max_characters: 9000 },
  { type: 'memory_20250818', name: 'memory', cache_control: { type: 'ephemeral' } }
]

/** Commands as the vendor's SDK types them. */
const MEMORY = [
  { command: 'view', path: '/memories', view_range: [1, 2] },
  { command: 'create', path: '/memories/a', file_text: 'b' },
  { command: 'str_replace', path: '/memories/a', old_str: 'b', new_str: 'c' },
  { command: 'insert', path: '/memories/a', insert_line: 1, insert_text: 'd' },
  { command: 'delete', path: '/memories/a' },
  { command: 'rename', old_path: '/memories/a', new_path: '/memories/b' }
] satisfies readonly Anthropic.Beta.BetaMemoryTool20250818Command[]
const EDITOR = [
  { command: 'view', path: '/a', view_range: [1, -1] },
  { command: 'create', path: '/a', file_text: 'b' },
  { command: 'str_replace', path: '/a', old_str: 'b', new_str: 'c' },
  { command: 'insert', path: '/a', insert_line: 0, insert_text: 'd' }
]
const OLD_EDITOR = [...EDITOR.slice(0, 3), { command: 'insert', path: '/a', insert_line: 0, new_str: 'd' }]
const UNDO = { command: 'undo_edit', path: '/a' }
const BASH = [{ command: 'ls' }, { restart: true }]

/** Whether a schema of an object lets this input in: its members, the commands, and what must be there. */
function letsIn(schema: unknown, input: JsonObject): boolean {
  const properties = objectIn(schema, 'properties') ?? {}
  const commands = listIn(properties['command'], 'enum')
  return (
    Object.keys(input).every((name) => name in properties) &&
    listIn(schema, 'required').every((name) => typeof name === 'string' && name in input) &&
    (commands.length === 0 || commands.includes(input['command']))
  )
}

describe('A tool that Anthropic defines and its client carries out', () => {
  test.each<readonly [string, string, readonly JsonObject[], readonly JsonObject[]]>([
    ['bash_20250124', 'bash', BASH, []],
    ['bash_20241022', 'bash', BASH, []],
    ['text_editor_20250728', 'str_replace_based_edit_tool', EDITOR, [UNDO]],
    ['text_editor_20250429', 'str_replace_based_edit_tool', EDITOR, [UNDO]],
    ['text_editor_20250124', 'str_replace_editor', [...OLD_EDITOR, UNDO], EDITOR.slice(3)],
    ['text_editor_20241022', 'str_replace_editor', [...OLD_EDITOR, UNDO], EDITOR.slice(3)],
    ['memory_20250818', 'memory', MEMORY, [{ command: 'wipe', path: '/memories' }]]
  ])('%s is a function with the inputs that the client knows', (type, name, known, unknown) => {
    const { conversation, losses } = asked([{ type, name }])
    const [tool] = conversation.tools
    expect(tool).toMatchObject({ kind: 'function', name, strict: null, origin: { kind: 'function' } })
    const { parameters, description } = tool?.kind === 'function' ? tool : { parameters: null, description: '' }
    expect(known.filter((input) => !letsIn(parameters, input))).toEqual([])
    expect(unknown.filter((input) => letsIn(parameters, input))).toEqual([])
    expect(description).not.toBe('')
    expect(losses.toString()).toBe('')
  })

  test.each<readonly [ProtocolId, string]>([
    ['openai-chat', 'gpt-5'],
    ['openai-responses', 'gpt-5'],
    ['gemini', 'gemini-2.5-flash']
  ])('goes to %s by its name, with its calls and results of the history, and can be demanded', (channel, model) => {
    const { conversation, losses } = asked(TOOLS)
    const body = translators[channel].encodeRequest(conversation, { model, stream: true, quirks: {} }, losses)
    const declared = listIn(body, 'tools')
      .flatMap((tool) => (channel === 'gemini' ? listIn(tool, 'functionDeclarations') : [tool]))
      .map((tool) => textIn(objectIn(tool, 'function') ?? tool, 'name'))
    expect(declared).toEqual(['bash', 'str_replace_based_edit_tool', 'memory'])
    expect(JSON.stringify(body)).toMatch(/required|"ANY"/)
    expect(JSON.stringify(body)).toContain('a.py')
    expect(JSON.stringify(body)).toMatch(/\{\\?"command\\?":\\?"ls\\?"\}/)
    expect(losses.toString()).toBe('')
  })

  test('is called back by its own name and input', () => {
    const input = { command: 'insert', path: '/a', insert_line: 0, insert_text: 'é\n' }
    const call = { name: 'str_replace_based_edit_tool', arguments: JSON.stringify(input) }
    const answer = translators['openai-chat'].decodeAnswer({
      id: 'chatcmpl-1',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: null,
            tool_calls: [{ id: 'call_1', type: 'function', function: call }]
          },
          finish_reason: 'tool_calls'
        }
      ]
    })
    const body = translators.anthropic.encodeAnswer(answer, { model: 'claude', tools: [], body: {}, now: 0 })
    expect(listIn(body, 'content')).toMatchObject([{ type: 'tool_use', name: 'str_replace_based_edit_tool', input }])
    expect(memberOf(parseJson(JSON.stringify(body)), 'stop_reason')).toBe('tool_use')
  })

  test('keeps its mark for the cache, and examples of its input', () => {
    const [memory] = asked([{ ...TOOLS[2], input_examples: [{ command: 'view', path: '/memories' }] }]).conversation
      .tools
    expect(memory).toMatchObject({ cache: '5m' })
    expect(memory?.kind === 'function' && memory.description).toMatch(/\n\nExamples of its input:\n\{"command":"view"/)
  })
})

describe('One that has no form elsewhere is lost under a name of its own', () => {
  const prompts = {
    anthropic: { messages: HISTORY },
    'openai-responses': { input: 'q' },
    gemini: { contents: [{ parts: [{ text: 'q' }] }] }
  }
  test.each<readonly [keyof typeof prompts, JsonObject, string]>([
    ['anthropic', { type: 'computer_20251124', name: 'computer' }, 'computer_20251124'],
    ['anthropic', { type: 'computer_toolset_20260801' }, 'computer_toolset_20260801'],
    ['anthropic', { type: 'browser_toolset_20260801' }, 'browser_toolset_20260801'],
    ['anthropic', { type: 'bash_20990101', name: 'bash' }, 'bash_20990101'],
    ['openai-responses', { type: 'computer_use_preview' }, 'computer_use_preview'],
    ['openai-responses', { type: 'computer' }, 'computer'],
    ['gemini', { computerUse: { environment: 'x' } }, 'computerUse'],
    ['gemini', { computer_use: {} }, 'computer_use']
  ])('%s %j', (client, tool, detail) => {
    const { conversation, losses } = decoded(client, { ...prompts[client], tools: [tool] })
    expect([conversation.tools, losses.toString()]).toEqual([[], `client_tool (${detail})`])
  })

  test('and what the vendor carries out keeps its own', () => {
    expect(asked([{ type: 'mcp_toolset', mcp_server_name: 'x' }]).losses.toString()).toBe('hosted_tool (mcp_toolset)')
  })
})
