import { HOSTED_ID } from './anthropic/request'
import type { ContentBlock, WebFetchBlock } from './anthropic/wire'
import type { Citation, HostedToolName } from './canonical'
import type { HostedCallPart } from './canonical-answer'
import { entryOf, isObject, listIn, memberOf, textIn, type JsonObject } from './foreign-json'
import { fitCallId } from './tool-ids'

const HOSTED_RESULTS: Readonly<Record<string, HostedToolName>> = {
  web_search_tool_result: 'web_search',
  web_fetch_tool_result: 'web_fetch',
  code_execution_tool_result: 'code_execution',
  bash_code_execution_tool_result: 'code_execution',
  text_editor_code_execution_tool_result: 'code_execution'
}

/**
 * What a vendor's own tool did, by its result's block and the `input` of the `server_tool_use` before it; null for other blocks.
 * https://platform.claude.com/docs/en/agents-and-tools/tool-use/server-tools
 */
export function decodeHostedCall(result: JsonObject, input: unknown): HostedCallPart | null {
  const tool = entryOf(HOSTED_RESULTS, textIn(result, 'type') ?? '')
  if (tool === undefined) return null
  const content = memberOf(result, 'content')
  const printed = [textIn(content, 'stdout'), textIn(content, 'stderr')].filter((text) => text !== null)
  const error = textIn(content, 'error_code')
  return {
    type: 'hosted-call',
    id: textIn(result, 'tool_use_id') ?? '',
    tool,
    input: hostedInput(input),
    sources: sourcesOf(content),
    output: tool === 'code_execution' ? printed.join('\n') : null,
    ...(error !== null && { error })
  }
}

function hostedInput(input: unknown): string {
  for (const name of ['query', 'url', 'code', 'command']) {
    const text = textIn(input, name)
    if (text !== null) return text
  }
  return isObject(input) ? JSON.stringify(input) : ''
}

/** Of a search its results, of a fetched page the page itself. */
function sourcesOf(content: unknown): readonly Citation[] {
  const results = Array.isArray(content) ? listIn({ content }, 'content') : [content]
  return results.flatMap((result) => {
    const url = textIn(result, 'url')
    const title = textIn(result, 'title') ?? textIn(memberOf(result, 'content'), 'title')
    return url === null ? [] : [{ url, title, quote: null }]
  })
}

/** The use and its result, as a client of the vendor's own tools expects them. */
export function encodeHostedCall(call: HostedCallPart): readonly ContentBlock[] {
  const { id, tool, input, sources, output } = call
  const useId = id.startsWith('srvtoolu_') ? id : HOSTED_ID + fitCallId(id)
  const caller = { type: 'direct' as const }
  const use = { type: 'server_tool_use' as const, id: useId, name: tool, caller }
  if (call.error !== undefined) return [{ ...use, input: usedInput(call) }, failed(tool, useId, caller)]
  switch (tool) {
    case 'web_search': {
      const content = sources.map(({ url, title }) => ({
        type: 'web_search_result' as const,
        url,
        title: title ?? url,
        encrypted_content: '',
        page_age: null
      }))
      return [
        { ...use, input: { query: input } },
        { type: 'web_search_tool_result', tool_use_id: useId, caller, content }
      ]
    }
    case 'web_fetch':
      return [
        { ...use, input: { url: input } },
        { type: 'web_fetch_tool_result', tool_use_id: useId, caller, content: fetched(input, sources[0], output) }
      ]
    case 'code_execution': {
      const content = {
        type: 'code_execution_result' as const,
        stdout: output ?? '',
        stderr: '',
        return_code: 0,
        content: []
      }
      return [
        { ...use, input: { code: input } },
        { type: 'code_execution_tool_result', tool_use_id: useId, content }
      ]
    }
  }
}

const usedInput = ({ tool, input }: HostedCallPart): JsonObject =>
  tool === 'web_search' ? { query: input } : tool === 'web_fetch' ? { url: input } : { code: input }

/** Vendors have codes of their own for what went wrong. */
function failed(tool: HostedToolName, tool_use_id: string, caller: { readonly type: 'direct' }): ContentBlock {
  const error_code = 'unavailable'
  switch (tool) {
    case 'web_search':
      return {
        ...{ type: 'web_search_tool_result', tool_use_id, caller },
        content: { type: 'web_search_tool_result_error', error_code }
      }
    case 'web_fetch':
      return {
        ...{ type: 'web_fetch_tool_result', tool_use_id, caller },
        content: { type: 'web_fetch_tool_result_error', error_code }
      }
    case 'code_execution':
      return {
        type: 'code_execution_tool_result',
        tool_use_id,
        content: { type: 'code_execution_tool_result_error', error_code }
      }
  }
}

const fetched = (url: string, source: Citation | undefined, output: string | null): WebFetchBlock => ({
  type: 'web_fetch_result',
  url: source?.url ?? url,
  retrieved_at: null,
  content: {
    type: 'document',
    title: source?.title ?? null,
    citations: null,
    source: { type: 'text', media_type: 'text/plain', data: output ?? '' }
  }
})
