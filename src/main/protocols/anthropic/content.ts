import { markOf } from '../cache-marks'
import type { CacheMark, Citation, MediaPart, MediaSource, TextPart } from '../canonical'
import { isTextType, isWebImage, leftOut, type TakenMedia } from '../fit-media'
import { isObject, listIn, memberOf, objectIn, textIn, textsOf, type JsonObject } from '../foreign-json'
import type { Losses } from '../losses'
import { kindOf, sourceOf } from '../media-source'
import type { CacheControl, DocumentBlockParam, ImageBlockParam, TextBlockParam, TextCitation } from './wire'

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
  const context = textIn(block, 'context')
  const about = [title === null ? null : `Document: ${title}`, context].filter((text) => text !== null)
  switch (textIn(source, 'type')) {
    case 'text':
      return [textPart([...about, textIn(source, 'data') ?? ''].join('\n\n'), cacheMarkOf(block))]
    case 'content': {
      const parts = decodeContent(memberOf(source, 'content'), losses)
      return about.length === 0 ? parts : [textPart(about.join('\n\n'), null), ...parts]
    }
    default: {
      const before = context === null ? [] : [textPart(`About the document that follows: ${context}`, null)]
      const media = decodeMedia('document', block)
      if (media !== null) return [...before, media]
      losses.add(isFile(block) ? 'file_id' : 'document')
      return [...before, leftOut(title ?? 'document', cacheMarkOf(block))]
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
