import OpenAI from 'openai'
import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { stream } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { anthropic } from '../../support/vendors/vendors'

const event = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
const cite = (url: string) => ({
  type: 'citations_delta',
  citation: { type: 'web_search_result_location', url, title: url, encrypted_index: 'z', cited_text: 'said' }
})
const say = (text: string) => ({ type: 'text_delta', text })

function block(index: number, content_block: object, ...deltas: readonly object[]): string {
  const told = deltas.map((delta) => event('content_block_delta', { index, delta })).join('')
  return event('content_block_start', { index, content_block }) + told + event('content_block_stop', { index })
}

/** In the order of https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool#streaming: a block's sources come before its text. */
const SEARCH = [
  event('message_start', {
    message: {
      id: 'msg_1',
      type: 'message',
      role: 'assistant',
      content: [],
      usage: { input_tokens: 9, output_tokens: 1 }
    }
  }),
  block(0, { type: 'text', text: '' }, say('I will search.')),
  block(
    1,
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_search', input: {} },
    { type: 'input_json_delta', partial_json: '{"query":"x"}' }
  ),
  block(2, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_1', content: [] }),
  block(3, { type: 'text', text: '' }, say('Intro: ')),
  block(4, { type: 'text', text: '', citations: [] }, cite('https://a'), say('Fact A.')),
  block(5, { type: 'text', text: '', citations: [] }, cite('https://b'), say(' Fact B.')),
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 9 } }),
  event('message_stop', {})
]

async function start() {
  const upstream = await startFakeUpstream()
  upstream.always(stream(SEARCH))
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, upstream)]) })
  return new OpenAI({ baseURL: `${gateway.url}/v1`, apiKey: gateway.key, maxRetries: 0 })
}

test('a Responses client has each citation of a streamed search with the text it is of', async () => {
  const client = await start()
  const answer = client.responses.stream({ model: 'claude-opus-4-8', input: 'q', tools: [{ type: 'web_search' }] })
  const { output } = await answer.finalResponse()
  const cited = output.map((item) =>
    item.type !== 'message'
      ? item.type
      : item.content.map((part) =>
          part.type === 'output_text' ? [part.text, part.annotations.map((one) => 'url' in one && one.url)] : part.type
        )
  )
  expect(cited).toEqual([
    [['I will search.', []]],
    'web_search_call',
    [
      ['Intro: ', []],
      ['Fact A.', ['https://a']],
      [' Fact B.', ['https://b']]
    ]
  ])
})

test('a chat client has each citation of a streamed search at the text it is of', async () => {
  const client = await start()
  const answer = client.chat.completions.stream({
    model: 'claude-opus-4-8',
    messages: [{ role: 'user', content: 'q' }]
  })
  const message = (await answer.finalChatCompletion()).choices[0]?.message
  const cited = message?.annotations?.map(({ url_citation: { url, start_index, end_index } }) => [
    url,
    message.content?.slice(start_index, end_index)
  ])
  expect(cited).toEqual([
    ['https://a', 'Fact A.'],
    ['https://b', ' Fact B.']
  ])
})
