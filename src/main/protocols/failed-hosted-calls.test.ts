import { expect, test } from 'vitest'
import { tellAnswer } from './answer-events'
import type { Asked } from './canonical-answer'
import { translators } from './translators'

const asked: Asked = { model: 'm', tools: [], body: {}, now: 0 }

/** A page that could not be fetched, a search beyond the most, and code that did not run, as Anthropic tells them. */
const ANSWER = {
  id: 'msg_1',
  stop_reason: 'end_turn',
  content: [
    { type: 'server_tool_use', id: 'srvtoolu_1', name: 'web_fetch', input: { url: 'https://x.example' } },
    {
      type: 'web_fetch_tool_result',
      tool_use_id: 'srvtoolu_1',
      content: { type: 'web_fetch_tool_result_error', error_code: 'url_not_accessible' }
    },
    { type: 'server_tool_use', id: 'srvtoolu_2', name: 'web_search', input: { query: 'q' } },
    {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_2',
      content: { type: 'web_search_tool_result_error', error_code: 'max_uses_exceeded' }
    },
    { type: 'server_tool_use', id: 'srvtoolu_3', name: 'code_execution', input: { code: '1/0' } },
    {
      type: 'code_execution_tool_result',
      tool_use_id: 'srvtoolu_3',
      content: { type: 'code_execution_tool_result_error', error_code: 'execution_time_exceeded' }
    },
    { type: 'text', text: 'Sorry.' }
  ]
}
const answer = translators.anthropic.decodeAnswer(ANSWER)

function streamed(protocol: keyof typeof translators): string {
  const encoder = translators[protocol].createStreamEncoder(asked, 'sse')
  const pieces: string[] = []
  tellAnswer(answer, (event) => pieces.push(encoder.push(event)))
  return pieces.join('')
}

test('what a vendor’s own tool failed at is said to have failed by Responses', () => {
  const { output } = translators['openai-responses'].encodeAnswer(answer, asked)
  const items = [
    { type: 'web_search_call', status: 'failed', action: { type: 'open_page' } },
    { type: 'web_search_call', status: 'failed', action: { type: 'search' } },
    { type: 'code_interpreter_call', status: 'failed' },
    { type: 'message', status: 'completed' }
  ]
  expect(output).toMatchObject(items)
  expect(translators['openai-responses'].decodeAnswer({ id: 'r', status: 'completed', output }).parts).toMatchObject([
    { tool: 'web_fetch', error: 'failed' },
    { tool: 'web_search', error: 'failed' },
    { tool: 'code_execution', error: 'failed' },
    { type: 'text' }
  ])
  expect(streamed('openai-responses')).not.toMatch(/response\.(?:web_search|code_interpreter)_call\.completed/)
})

test('and by Gemini', () => {
  const whole = JSON.stringify(translators.gemini.encodeAnswer(answer, asked))
  for (const said of [whole, streamed('gemini')]) {
    expect(said).toContain('"urlRetrievalStatus":"URL_RETRIEVAL_STATUS_ERROR"')
    expect(said).toContain('"outcome":"OUTCOME_FAILED"')
  }
})

test('and by Anthropic, with a code of its own', () => {
  const { content } = translators.anthropic.encodeAnswer(answer, asked)
  const failures = ['web_fetch', 'web_search', 'code_execution'].flatMap((tool) => [
    { type: 'server_tool_use', name: tool },
    {
      type: `${tool}_tool_result`,
      content: { type: `${tool}_tool_result_error`, error_code: 'unavailable' }
    }
  ])
  expect(content).toMatchObject([...failures, { type: 'text' }])
})
