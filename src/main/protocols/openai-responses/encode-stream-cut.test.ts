import { describe, expect, test } from 'vitest'
import { readEvents } from '../../../../test/support/sse'
import { asked, encodedStream, functionTool, sdkReading } from '../../../../test/support/translation/responses-exchange'
import type { AnswerEvent, FinishReason } from '../canonical-answer'

const start: AnswerEvent = { type: 'start', id: 'msg_0000000000000007', usage: null }
const finish = (reason: FinishReason): AnswerEvent => ({
  type: 'finish',
  finish: { reason, stopSequence: null, usage: null }
})
const end: AnswerEvent = { type: 'end' }
const text = (value: string): AnswerEvent => ({ type: 'text', text: value })
const call = (id: string, name: string, ...pieces: readonly string[]): readonly AnswerEvent[] => [
  { type: 'tool-start', id, name },
  ...pieces.map((json) => ({ type: 'tool-input', json }) as const),
  { type: 'tool-end' }
]
const TOOLS = [
  functionTool('f'),
  functionTool('exec', { kind: 'custom' }),
  functionTool('local_shell', { kind: 'local_shell' }),
  functionTool('shell', { kind: 'shell' }),
  functionTool('apply_patch', { kind: 'apply_patch' })
]

const typesOf = (stream: string): readonly string[] =>
  readEvents(stream).map(({ name }) => String(name).replace('response.', ''))
const sdkStream = (stream: string) => sdkReading(stream).responses.stream({ model: 'm', input: 'x' })

describe('an answer that was cut, at its limit', () => {
  test('is incomplete, and a call whose input breaks off is never said to be done', async () => {
    const stream = encodedStream([start, text('a'), ...call('c', 'f', '{"a":'), finish('length'), end], asked())
    expect(typesOf(stream).slice(-3)).toEqual(['output_item.added', 'function_call_arguments.delta', 'incomplete'])
    const response = await sdkStream(stream).finalResponse()
    expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
    expect(response.output).toMatchObject([{ status: 'completed' }, { arguments: '{"a":', status: 'incomplete' }])
  })

  test.each(['refusal', 'context_length'] as const)(
    'or for %s, has no call that looks whole, whatever its form (B02)',
    async (reason) => {
      const cut = [
        ['f', '{"a":1', 'incomplete'],
        ['exec', '{"input":"rm -rf /srv/data', 'incomplete'],
        ['local_shell', '{"command":["rm","-rf","/srv', 'incomplete'],
        ['shell', '{"commands":["rm -rf /srv', 'incomplete'],
        ['apply_patch', '{"type":"delete_file","path":"/srv', 'in_progress']
      ] as const
      for (const [name, json, status] of cut) {
        const stream = encodedStream([start, ...call('c', name, json), finish(reason), end], asked({}, TOOLS))
        expect(typesOf(stream).filter((type) => type.endsWith('.done'))).toEqual([])
        expect(typesOf(stream).at(-1)).toBe('incomplete')
        const { output } = await sdkStream(stream).finalResponse()
        expect(output).toMatchObject([{ status }])
      }
    }
  )

  test('tells of cut free text what its pieces told', async () => {
    const events = [start, ...call('c', 'exec', '{"input":"rm -rf ', '/srv'), finish('length'), end]
    const { output } = await sdkStream(encodedStream(events, asked({}, TOOLS))).finalResponse()
    expect(output).toMatchObject([{ type: 'custom_tool_call', input: 'rm -rf /srv', status: 'incomplete' }])
  })

  test('has no whole call behind which the vendor says why it stepped in', () => {
    const events = [start, ...call('c', 'f', '{"a":'), text('Declined.'), finish('refusal'), end]
    const types = typesOf(encodedStream(events, asked()))
    expect(types).not.toContain('function_call_arguments.done')
    expect(types.at(-1)).toBe('incomplete')
  })

  test('keeps the calls that are whole', () => {
    const stream = encodedStream([start, ...call('c', 'f', '{"a":1}'), finish('length'), end], asked())
    expect(typesOf(stream)).toContain('function_call_arguments.done')
  })

  test.each(['length', 'refusal'] as const)('or for %s in the middle of a text says so of it', async (reason) => {
    const response = await sdkStream(encodedStream([start, text('a'), finish(reason), end], asked())).finalResponse()
    expect(response.output).toMatchObject([{ type: 'message', status: 'incomplete' }])
  })

  test('is none that a model declined in its own words', async () => {
    const said: AnswerEvent = { type: 'refusal', text: 'No.' }
    const response = await sdkStream(encodedStream([start, said, finish('refusal'), end], asked())).finalResponse()
    expect(response).toMatchObject({ status: 'completed', output: [{ type: 'message', status: 'completed' }] })
  })
})
