import { describe, expect, test } from 'vitest'
import type { HostedCallPart } from './canonical-answer'
import { decodeHostedCall, encodeHostedCall } from './claude-hosted-calls'
import type { JsonObject } from './foreign-json'

describe('what the vendor’s own tool did', () => {
  const source = { url: 'https://example.com', title: 'T', quote: null }
  const call = (more: Partial<HostedCallPart>): HostedCallPart => ({
    type: 'hosted-call',
    id: 'srvtoolu_1',
    tool: 'web_search',
    input: 'q',
    sources: [],
    output: null,
    ...more
  })

  test.each([
    ['a search', call({ sources: [source] })],
    ['a search that found nothing', call({})],
    ['a fetched page', call({ tool: 'web_fetch', input: 'https://example.com', sources: [source] })],
    ['code', call({ tool: 'code_execution', input: 'print(1)', output: '1' })]
  ])('comes back as it went: %s', (_name, one) => {
    const [use, result] = encodeHostedCall(one)
    expect(decodeHostedCall({ ...result }, use?.type === 'server_tool_use' ? use.input : null)).toEqual(one)
  })

  test('gets an id in the vendor’s form', () => {
    expect(encodeHostedCall(call({ id: 'ws_1' }))).toMatchObject([
      { type: 'server_tool_use', id: 'srvtoolu_routex_ws_1', name: 'web_search' },
      { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_routex_ws_1' }
    ])
  })

  test('of a failed call, of one without its use, and of an unknown one', () => {
    const failed: JsonObject = {
      type: 'web_search_tool_result',
      tool_use_id: 'a',
      content: { error_code: 'unavailable' }
    }
    expect(decodeHostedCall(failed, undefined)).toEqual(call({ id: 'a', input: '', error: 'unavailable' }))
    expect(
      decodeHostedCall({ type: 'code_execution_tool_result', content: { stdout: 'a', stderr: 'b' } }, { x: 1 })
    ).toEqual(call({ id: '', tool: 'code_execution', input: '{"x":1}', output: 'a\nb' }))
    expect(decodeHostedCall({ type: 'mcp_tool_result' }, undefined)).toBeNull()
  })
})
