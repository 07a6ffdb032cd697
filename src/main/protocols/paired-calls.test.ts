import { describe, expect, test } from 'vitest'
import { conversationOf } from '../../../test/support/translation/conversations'
import { refuseMessages } from '../../../test/support/vendors/strict/anthropic'
import { refuseGemini } from '../../../test/support/vendors/strict/gemini'
import { refuseChat } from '../../../test/support/vendors/strict/openai-chat'
import { refuseResponses } from '../../../test/support/vendors/strict/openai-responses'
import type { FunctionTool, Part, ToolResultPart, Turn } from './canonical'
import { Losses } from './losses'
import { pairCalls } from './paired-calls'
import { translators } from './translators'

const text = (said: string): Part => ({ type: 'text', text: said, cache: null, citations: [] })
const call = (id: string): Part => ({ type: 'tool-call', id, name: 'clock', input: '{}', cache: null })
const result = (callId: string): ToolResultPart => ({
  type: 'tool-result',
  callId,
  name: 'clock',
  content: [{ type: 'text', text: `result of ${callId}`, cache: null, citations: [] }],
  isError: false,
  cache: null
})
const user = (...parts: readonly Part[]): Turn => ({ role: 'user', parts })
const assistant = (...parts: readonly Part[]): Turn => ({ role: 'assistant', parts })
const system = (said: string): Turn => ({ role: 'system', parts: [text(said)] })

/** Each turn as its role and its parts' ids or texts. */
const told = (turns: readonly Turn[]) =>
  turns.map(({ role, parts }) => {
    const words = parts.map((part) => {
      if (part.type === 'tool-call') return `call ${part.id}`
      if (part.type === 'tool-result') return part.content.map((one) => (one.type === 'text' ? one.text : '')).join()
      return part.type === 'text' ? part.text : part.type
    })
    return `${role}: ${words.join(' | ')}`
  })

const paired = (...turns: readonly Turn[]) => told(pairCalls(conversationOf({ turns })).turns)

const NONE = 'No result: the call was interrupted.'

test('a call without a result gets one that says so, as a failed one, whatever follows', () => {
  const turns = [user(text('a')), assistant(call('1'), call('2')), user(result('2'), text('b')), assistant(text('c'))]
  expect(paired(...turns)).toEqual([
    'user: a',
    'assistant: call 1 | call 2',
    `user: ${NONE} | result of 2`,
    'user: b',
    'assistant: c'
  ])
  expect(paired(user(text('a')), assistant(call('1')))).toEqual(['user: a', 'assistant: call 1', `user: ${NONE}`])
  const [, , answered] = pairCalls(conversationOf({ turns })).turns
  expect(answered?.parts[0]).toMatchObject({ callId: '1', name: 'clock', isError: true })
})

test('what was said between a call and its result follows them: system turns, texts, turns of their own', () => {
  const between = [system('s'), user(text('b')), user(text('c'), result('1'), text('d'))]
  expect(paired(user(text('a')), assistant(call('1')), ...between)).toEqual([
    'user: a',
    'assistant: call 1',
    'user: result of 1',
    'system: s',
    'user: b',
    'user: c | d'
  ])
  expect(paired(assistant(call('1')), system('s'), assistant(call('2')), user(result('1'), result('2')))).toEqual([
    'assistant: call 1',
    'user: result of 1',
    'system: s',
    'assistant: call 2',
    'user: result of 2'
  ])
})

test('neighbouring turns of the assistant are one answer, whose results come together', () => {
  expect(paired(assistant(call('1')), assistant(text('x'), call('2')), user(result('2')), user(result('1')))).toEqual([
    'assistant: call 1',
    'assistant: x | call 2',
    'user: result of 1 | result of 2'
  ])
})

test('a result without a call, one before its call and a second one stay where they are', () => {
  expect(paired(user(result('9'), text('a')))).toEqual(['user: result of 9 | a'])
  expect(paired(user(result('1')), assistant(call('1')))).toEqual([
    'user: result of 1',
    'assistant: call 1',
    `user: ${NONE}`
  ])
  expect(paired(assistant(call('1')), user(result('1'), result('1')))).toEqual([
    'assistant: call 1',
    'user: result of 1',
    'user: result of 1'
  ])
})

test('a history whose calls all have results keeps every word in its order', () => {
  const turns = [user(text('a')), assistant(call('1')), user(result('1')), assistant(text('b')), user(text('c'))]
  expect(paired(...turns)).toEqual(told(turns))
})

describe.each([
  ['anthropic', 'claude-sonnet-4-5', refuseMessages],
  ['openai-chat', 'gpt-4.1-mini', refuseChat],
  ['openai-responses', 'gpt-5-mini', refuseResponses],
  ['gemini', 'gemini-2.5-flash', (body: unknown) => refuseGemini(body, 'gemini-2.5-flash')]
] as const)('a channel of %s is not asked what its vendor refuses', (protocol, model, refuse) => {
  const clock: FunctionTool = {
    kind: 'function',
    name: 'clock',
    description: '',
    parameters: { type: 'object', properties: {} },
    strict: null,
    origin: { kind: 'function' },
    cache: null
  }
  const encode = (turns: readonly Turn[]): unknown => {
    const conversation = conversationOf({ turns, tools: [clock] })
    const target = { model, stream: false, quirks: {} }
    return JSON.parse(JSON.stringify(translators[protocol].encodeRequest(conversation, target, new Losses())))
  }

  test.each([
    ['a call that was interrupted', [user(text('a')), assistant(call('1')), user(text('b'))]],
    ['a call at the end', [user(text('a')), assistant(call('1'))]],
    ['one of two', [user(text('a')), assistant(call('1'), call('2')), user(result('2'))]],
    ['a system turn between', [user(text('a')), assistant(call('1')), system('s'), user(result('1'))]],
    ['a text between', [user(text('a')), assistant(call('1')), user(text('b')), user(result('1'))]],
    ['a text before in one turn', [user(text('a')), assistant(call('1')), user(text('b'), result('1'))]]
  ] as const)('after %s', (_name, turns) => {
    expect(() => refuse(encode(turns))).not.toThrow()
  })
})
