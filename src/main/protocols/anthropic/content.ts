import { markOf } from '../cache-marks'
import type { CacheMark, Citation, HostedToolName, MediaPart, MediaSource, TextPart } from '../canonical'
import type { HostedCallPart } from '../canonical-answer'
import { isTextType, isWebImage, leftOut, type TakenMedia } from '../fit-media'
import { entryOf, isObject, listIn, memberOf, objectIn, textIn, textsOf, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { kindOf, sourceOf } from '../media-source'
import { fitCallId } from '../tool-ids'
import { HOSTED_ID } from './request'
import type {
  CacheControl,
  ContentBlock,
  DocumentBlockParam,
  ImageBlockParam,
  TextBlockParam,
  TextCitation,
  WebFetchBlock
} from './wire'

type Content = TextPart | MediaPart

/** https://platform.claude.com/docs/en/build-with-claude/prompt-caching */
export function cacheMarkOf(block: unknown): CacheMark {
  const control = objectIn(block, 'cache_control')
  if (control === null) return null
  return textIn(control, 'ttl') === '1h' ? '1h' : '5m'
}

/** Spread into a block: `cache_control`, or nothing. */
export const cacheControl = (mark: CacheMark): { cache_control?: CacheControl } =>
  mark === null ? {} : { cache_control: markOf(mark) }

const textPart = (text: string, cache: CacheMark, citations: readonly Citation[] = []): TextPart => ({
  type: 'text',
  text,
  cache,
  citations
})

/** A text, or blocks: the content of a turn, of a tool's result, of a document. */
export function decodeContent(content: unknown, losses: Losses): readonly Content[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content, null)]
  return listIn({ content }, 'content').flatMap((block) => (isObject(block) ? decodeBlock(block, losses) : []))
}

/** What a block says that other vendors can be told as well: one that they have no form for becomes a text. */
export function decodeBlock(block: JsonObject, losses: Losses): readonly Content[] {
  const type = textIn(block, 'type')
  switch (type) {
    case 'text': {
      const text = textIn(block, 'text')
      return text === null ? [] : [textPart(text, cacheMarkOf(block), decodeCitations(memberOf(block, 'citations')))]
    }
    case 'image':
      return decodeImage(block, losses)
    case 'document':
      return decodeDocument(block, losses)
    case 'search_result':
      return [textPart(searchResultText(block), cacheMarkOf(block))]
    case 'tool_reference':
      return [textPart(`The tool ${textIn(block, 'tool_name') ?? ''} can be called now.`, cacheMarkOf(block))]
    case 'compaction':
      return textsOf([{ text: memberOf(block, 'content') }]).map((summary) => textPart(summary, cacheMarkOf(block)))
    case 'container_upload':
      losses.add('file_id', type)
      return [leftOut('file', cacheMarkOf(block))]
    default:
      losses.add('history', type)
      return []
  }
}

function decodeImage(block: JsonObject, losses: Losses): readonly Content[] {
  const media = decodeMedia('image', block)
  if (media !== null) return [media]
  losses.add(isFile(block) ? 'file_id' : 'image')
  return [leftOut('image', cacheMarkOf(block))]
}

const isFile = (block: JsonObject): boolean => textIn(memberOf(block, 'source'), 'type') === 'file'

function decodeDocument(block: JsonObject, losses: Losses): readonly Content[] {
  if (memberOf(objectIn(block, 'citations'), 'enabled') === true) losses.add('parameter', 'citations')
  const source = objectIn(block, 'source')
  const title = textIn(block, 'title')
  const about = [title === null ? null : `Document: ${title}`, textIn(block, 'context')].filter((text) => text !== null)
  switch (textIn(source, 'type')) {
    case 'text':
      return [textPart([...about, textIn(source, 'data') ?? ''].join('\n\n'), cacheMarkOf(block))]
    case 'content': {
      const parts = decodeContent(memberOf(source, 'content'), losses)
      return about.length === 0 ? parts : [textPart(about.join('\n\n'), null), ...parts]
    }
    default: {
      const media = decodeMedia('document', block)
      if (media !== null) return [media]
      losses.add(isFile(block) ? 'file_id' : 'document')
      return [leftOut(title ?? 'document', cacheMarkOf(block))]
    }
  }
}

function decodeMedia(media: 'image' | 'document', block: JsonObject): MediaPart | null {
  const source = objectIn(block, 'source')
  const data = textIn(source, 'data')
  const url = textIn(source, 'url')
  switch (textIn(source, 'type')) {
    case 'base64':
      return data === null ? null : mediaPart(media, block, textIn(source, 'media_type'), { kind: 'base64', data })
    case 'url': {
      if (url === null) return null
      const named = sourceOf(url)
      return mediaPart(named.mimeType === null ? media : kindOf(named.mimeType), block, named.mimeType, named.source)
    }
    default:
      return null
  }
}

const mediaPart = (
  media: MediaPart['media'],
  block: JsonObject,
  mimeType: string | null,
  source: MediaSource
): MediaPart => ({
  type: 'media',
  media,
  mimeType,
  source,
  name: textIn(block, 'title'),
  detail: null,
  cache: cacheMarkOf(block)
})

function searchResultText(block: JsonObject): string {
  const head = [textIn(block, 'title'), textIn(block, 'source')].filter((text) => text !== null).join(', ')
  return [`Search result: ${head}`, ...textsOf(memberOf(block, 'content'))].join('\n\n')
}

/**
 * Of a text block. Those into the request's own documents name no address, which is what others go by, so they stay out.
 * https://platform.claude.com/docs/en/build-with-claude/citations
 */
export const decodeCitations = (citations: unknown): readonly Citation[] =>
  listIn({ citations }, 'citations').flatMap((citation) => decodeCitation(citation) ?? [])

export function decodeCitation(citation: unknown): Citation | null {
  const url = textIn(citation, 'url') ?? textIn(citation, 'source')
  if (url === null) return null
  return { url, title: textIn(citation, 'title'), quote: textIn(citation, 'cited_text') }
}

export const encodeCitation = ({ url, title, quote }: Citation): TextCitation => ({
  type: 'web_search_result_location',
  url,
  title,
  cited_text: quote ?? '',
  encrypted_index: ''
})

/**
 * PDFs and text of any kind are documents; sound and film have no form.
 * https://platform.claude.com/docs/en/build-with-claude/pdf-support
 */
export const MEDIA: TakenMedia = {
  takes({ media, mimeType, source }) {
    if (media === 'image') return source.kind === 'url' || isWebImage(mimeType)
    return media === 'document' && (source.kind === 'url' || mimeType === 'application/pdf' || isTextType(mimeType))
  },
  inAnswers: false
}

/**
 * The block of a request, of what fits (`MEDIA`); null where there is none: texts of nothing but space are refused. Citations stay
 * out, since only their maker's own are taken back.
 * https://platform.claude.com/docs/en/build-with-claude/vision, …/pdf-support
 */
export function encodeContent(part: Content): TextBlockParam | ImageBlockParam | DocumentBlockParam | null {
  if (part.type === 'text') {
    return part.text.trim() === '' ? null : { type: 'text', text: part.text, ...cacheControl(part.cache) }
  }
  return part.media === 'image' ? encodeImage(part) : encodeDocument(part)
}

function encodeImage({ source, mimeType, cache }: MediaPart): ImageBlockParam | null {
  if (source.kind === 'url') return { type: 'image', source: { type: 'url', url: source.url }, ...cacheControl(cache) }
  if (!isWebImage(mimeType)) return null
  return { type: 'image', source: { type: 'base64', media_type: mimeType, data: source.data }, ...cacheControl(cache) }
}

function encodeDocument({ source, mimeType, name, cache }: MediaPart): DocumentBlockParam {
  const about = { ...(name === null ? {} : { title: name }), ...cacheControl(cache) }
  if (source.kind === 'url') return { type: 'document', source: { type: 'url', url: source.url }, ...about }
  if (mimeType === 'application/pdf') {
    return { type: 'document', source: { type: 'base64', media_type: mimeType, data: source.data }, ...about }
  }
  const data = Buffer.from(source.data, 'base64').toString('utf8')
  return { type: 'document', source: { type: 'text', media_type: 'text/plain', data }, ...about }
}

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
