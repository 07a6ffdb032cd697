import { describe, expect, test } from 'vitest'
import { asked, fixture, functionTool, sdkReading } from '../../../../test/support/translation/responses-exchange'
import type { FunctionTool } from '../canonical'
import type { Answer, AnswerPart, FinishReason } from '../canonical-answer'
import { decodeAnswer } from './decode-answer'
import { encodeAnswer } from './encode-answer'

const text = (value: string, ...urls: readonly string[]): AnswerPart => ({
  type: 'text',
  text: value,
  cache: null,
  citations: urls.map((url) => ({ url, title: null, quote: null }))
})
const call = (name: string, input: string): AnswerPart => ({
  type: 'tool-call',
  id: `c_${name}`,
  name,
  input,
  cache: null
})
const answer = (parts: readonly AnswerPart[], reason: FinishReason = 'stop', id = 'msg_01AbC4567890123_'): Answer => ({
  id,
  parts,
  finish: { reason, stopSequence: null, usage: null }
})
const outputOf = (whole: Answer, tools: readonly FunctionTool[] = []) => encodeAnswer(whole, asked({}, tools))['output']

/** As the vendor's SDK types it. */
const read = (whole: Answer, request = asked()) =>
  sdkReading(JSON.stringify(encodeAnswer(whole, request))).responses.create({ model: 'm', input: 'x' })

describe('a response for a client', () => {
  test('is what the SDK expects: its text, its usage, its model as asked', async () => {
    const usage = { input: 10, cacheRead: 5, cacheWrite: 2, cacheWrite1h: 1, output: 8, reasoning: 3 }
    const response = await read({ ...answer([text('Hello '), text('you')]), finish: { ...answer([]).finish, usage } })
    expect(response.output_text).toBe('Hello you')
    expect(response).toMatchObject({
      id: 'resp_01AbC4567890123_',
      object: 'response',
      created_at: 1_770_000_000,
      status: 'completed',
      model: 'claude-as-asked',
      error: null,
      usage: {
        input_tokens: 17,
        input_tokens_details: { cached_tokens: 5, cache_write_tokens: 2 },
        output_tokens: 8,
        output_tokens_details: { reasoning_tokens: 3 },
        total_tokens: 25
      }
    })
    expect(response.output).toMatchObject([
      { type: 'message', role: 'assistant', status: 'completed', content: [{ text: 'Hello ' }, { text: 'you' }] }
    ])
  })

  test('repeats what was asked, and has the vendor’s defaults for the rest', async () => {
    const request = fixture('request.json')
    const repeated = await read(answer([]), asked(request))
    for (const name of [
      'instructions',
      'tools',
      'tool_choice',
      'metadata',
      'temperature',
      'top_p',
      'text',
      'reasoning'
    ]) {
      expect(repeated).toHaveProperty(name, request[name])
    }
    expect(repeated).toMatchObject({ store: false, max_output_tokens: 2048, truncation: 'auto', service_tier: 'flex' })
    expect(await read(answer([]))).toMatchObject({
      instructions: null,
      tools: [],
      tool_choice: 'auto',
      metadata: {},
      parallel_tool_calls: true,
      text: { format: { type: 'text' } },
      previous_response_id: null
    })
  })

  test('repeats nothing of a wrong type', () => {
    const body = { tools: 'all', temperature: '1', metadata: [], text: { verbosity: 'low' }, instructions: 7 }
    expect(encodeAnswer(answer([]), asked(body))).toMatchObject({
      tools: [],
      temperature: null,
      metadata: {},
      text: { format: { type: 'text' }, verbosity: 'low' },
      instructions: null
    })
  })

  test('has ids in the vendor’s form, from the upstream’s where they fit', () => {
    const idOf = (id: string) => encodeAnswer(answer([], 'stop', id), asked())['id']
    expect(idOf('chatcmpl-9x0123456789abcdef')).toBe('resp_9x0123456789abcdef')
    expect(idOf('resp_0123456789abcdef')).toBe('resp_0123456789abcdef')
    expect(idOf('chatcmpl-417')).toMatch(/^resp_[0-9a-f]{32}$/)
    expect(idOf('')).toMatch(/^resp_[0-9a-f]{32}$/)
    expect(idOf('an id/with oddities')).toMatch(/^resp_[0-9a-f]{32}$/)
    expect(idOf('x'.repeat(80))).toMatch(/^resp_[0-9a-f]{32}$/)
  })

  test('is one message between two items of other kinds', () => {
    const parts = [text('a'), text('b'), call('f', '{}'), { type: 'refusal', text: 'no' } as const]
    expect(outputOf(answer(parts))).toMatchObject([
      { type: 'message', id: 'msg_routex_01AbC4567890123_0', content: [{ text: 'a' }, { text: 'b' }] },
      {
        type: 'function_call',
        id: 'fc_routex_01AbC4567890123_1',
        call_id: 'c_f',
        name: 'f',
        arguments: '{}',
        status: 'completed'
      },
      { type: 'message', id: 'msg_routex_01AbC4567890123_2', content: [{ type: 'refusal', refusal: 'no' }] }
    ])
  })

  test('is incomplete where it was cut or filtered, and says of which item', async () => {
    const cut = await read(answer([text('a'), call('f', '{"a":')], 'length'))
    expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } })
    expect(cut.output).toMatchObject([{ status: 'completed' }, { status: 'incomplete' }])
    const free = functionTool('exec', { kind: 'custom' })
    const freeText = await read(answer([call('exec', '{"input":"rm -rf /srv')], 'refusal'), asked({}, [free]))
    expect(freeText.output).toMatchObject([{ type: 'custom_tool_call', input: 'rm -rf /srv', status: 'incomplete' }])
    expect(await read(answer([], 'refusal'))).toMatchObject({ incomplete_details: { reason: 'content_filter' } })
    expect(await read(answer([{ type: 'refusal', text: 'no' }], 'refusal'))).toMatchObject({
      status: 'completed',
      incomplete_details: null
    })
  })

  test('cites with the whole text as what is cited', () => {
    expect(outputOf(answer([text('It rains.', 'https://a.example')]))).toMatchObject([
      {
        content: [
          {
            annotations: [
              {
                type: 'url_citation',
                start_index: 0,
                end_index: 9,
                title: 'https://a.example',
                url: 'https://a.example'
              }
            ]
          }
        ]
      }
    ])
  })
})

describe('a call is given back as its client declared the tool:', () => {
  test('in its namespace', () => {
    const origin = { kind: 'namespaced', namespace: 'mcp__docs__', name: 'search', custom: false } as const
    expect(
      outputOf(answer([call('mcp__docs__search', '{"q":1}')]), [functionTool('mcp__docs__search', origin)])
    ).toEqual([
      {
        type: 'function_call',
        id: 'fc_routex_01AbC4567890123_0',
        call_id: 'c_mcp__docs__search',
        name: 'search',
        namespace: 'mcp__docs__',
        arguments: '{"q":1}',
        status: 'completed'
      }
    ])
  })

  test('as free text, in a namespace or not', () => {
    const spaced = { kind: 'namespaced', namespace: 'functions', name: 'exec', custom: true } as const
    const tools = [functionTool('apply_patch', { kind: 'custom' }), functionTool('exec', spaced)]
    expect(
      outputOf(answer([call('apply_patch', '{"input":"*** Begin"}'), call('exec', '{"input":"x"}')]), tools)
    ).toEqual([
      {
        type: 'custom_tool_call',
        id: 'ctc_routex_01AbC4567890123_0',
        call_id: 'c_apply_patch',
        name: 'apply_patch',
        input: '*** Begin'
      },
      {
        type: 'custom_tool_call',
        id: 'ctc_routex_01AbC4567890123_1',
        call_id: 'c_exec',
        name: 'exec',
        namespace: 'functions',
        input: 'x'
      }
    ])
  })

  test('as a built-in tool', () => {
    const tools = (['local_shell', 'shell', 'apply_patch'] as const).map((kind) => functionTool(kind, { kind }))
    const calls = [
      call('local_shell', '{"command":["ls","-l"],"timeout_ms":5,"env":{"A":"1","B":2},"working_directory":"/x"}'),
      call('local_shell', '{"command":"ls | wc"}'),
      call('shell', '{"commands":["ls"],"max_output_length":9}'),
      call('apply_patch', '{"type":"create_file","path":"a","diff":"+a"}'),
      call('apply_patch', '{"type":"delete_file","path":"a"}'),
      call('apply_patch', 'not JSON')
    ]
    const action = { type: 'exec', env: {}, timeout_ms: null, user: null, working_directory: null }
    expect(outputOf(answer(calls), tools)).toMatchObject([
      {
        type: 'local_shell_call',
        action: { ...action, command: ['ls', '-l'], env: { A: '1', B: '2' }, timeout_ms: 5, working_directory: '/x' }
      },
      { type: 'local_shell_call', action: { ...action, command: ['bash', '-lc', 'ls | wc'] } },
      { type: 'shell_call', action: { commands: ['ls'], timeout_ms: null, max_output_length: 9 } },
      { type: 'apply_patch_call', operation: { type: 'create_file', path: 'a', diff: '+a' }, status: 'completed' },
      { type: 'apply_patch_call', operation: { type: 'delete_file', path: 'a' } },
      { type: 'apply_patch_call', operation: { type: 'update_file', path: '', diff: '' } }
    ])
  })
})

test.each(['parallel-tools', 'reasoning', 'web-search', 'refusal', 'length'])(
  'the answer %s survives being encoded and decoded again',
  (name) => {
    const whole = decodeAnswer(fixture(`${name}.json`))
    const again = decodeAnswer(JSON.parse(JSON.stringify(encodeAnswer(whole, asked()))))
    // The vendor's own calls get new ids, and a picture's type is no part of an item.
    const plain = (one: Answer) => JSON.stringify(one).replaceAll(/"id":"(?:ws|ci)_\w+"|image\/webp|image\/png/g, '')
    expect(plain(again)).toBe(plain(whole))
  }
)
