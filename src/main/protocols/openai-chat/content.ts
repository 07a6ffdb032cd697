import { markOf } from '../cache-marks'
import type { CacheMark, MediaPart, Target, TextPart } from '../canonical'
import { isTextType, isWebImage, leftOut, type TakenMedia } from '../fit-media'
import { entryOf, isObject, memberOf, objectIn, textIn } from '../foreign-json'
import type { LossName, Losses } from '../losses'
import { kindOf, sourceOf } from '../media-source'
import type { Cached, TextParam, UserPartParam } from './wire'

/** Text, pictures, files and sound both ways: https://platform.openai.com/docs/api-reference/chat/create#chat-create-messages */

type ContentPart = TextPart | MediaPart

export const textPart = (text: string, cache: CacheMark = null): TextPart => ({
  type: 'text',
  text,
  cache,
  citations: []
})

/** What a message's `content` says: a text or a list of parts. Those of an unknown kind are lost. */
export function decodeContent(content: unknown, losses: Losses): readonly ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)]
  if (!Array.isArray(content)) return []
  return content.map((part: unknown) => decodePart(part, losses)).filter((part) => part !== null)
}

type PartDecoder = (part: unknown, cache: CacheMark, losses: Losses) => ContentPart | null

const decodeText: PartDecoder = (part, cache) => {
  const text = textIn(part, 'text')
  return text === null ? null : textPart(text, cache)
}

const DECODERS: Readonly<Record<string, PartDecoder>> = {
  text: decodeText,
  input_text: decodeText,
  output_text: decodeText,
  image_url: (part, cache) => decodeImage(part, cache),
  input_image: (part, cache) => decodeImage(part, cache),
  input_audio: (part, cache) => decodeAudio(objectIn(part, 'input_audio'), cache),
  // Qwen, GLM, OpenRouter, vLLM
  video_url: (part, cache) =>
    mediaOf(urlIn(part, 'video_url'), { media: 'video', mimeType: null, name: null, detail: null, cache }),
  file: (part, cache, losses) => decodeFile(objectIn(part, 'file') ?? part, cache, losses),
  // Mistral's reasoning, which reasoning.ts reads.
  thinking: () => null
}

/** Parts that say nothing without their bytes or address. */
const WITHOUT_SOURCE: Readonly<Record<string, LossName>> = {
  image_url: 'image',
  input_image: 'image',
  input_audio: 'audio',
  video_url: 'video'
}

function decodePart(part: unknown, losses: Losses): ContentPart | null {
  if (typeof part === 'string') return part === '' ? null : textPart(part)
  const type = textIn(part, 'type') ?? 'text'
  const decode = entryOf(DECODERS, type)
  if (decode !== undefined) {
    const decoded = decode(part, cacheMarkOf(part), losses)
    const lost = entryOf(WITHOUT_SOURCE, type)
    if (decoded !== null || lost === undefined) return decoded
    losses.add(textIn(part, 'file_id') === null ? lost : 'file_id')
    return leftOut(lost, cacheMarkOf(part))
  }
  losses.add('history', type)
  return null
}

/** Anthropic's mark, or OpenAI's own breakpoint, whose time the whole request has. */
export function cacheMarkOf(holder: unknown): CacheMark {
  if (isObject(memberOf(holder, 'prompt_cache_breakpoint'))) return '5m'
  const mark = objectIn(holder, 'cache_control')
  if (mark === null) return null
  return textIn(mark, 'ttl') === '1h' ? '1h' : '5m'
}

/** Some clients give the URL as it is, without an object around it. */
const urlIn = (part: unknown, key: string): string | null => textIn(objectIn(part, key), 'url') ?? textIn(part, key)

function decodeImage(part: unknown, cache: CacheMark): MediaPart | null {
  const detail = textIn(objectIn(part, 'image_url'), 'detail') ?? textIn(part, 'detail')
  const known = detail === 'low' || detail === 'high' || detail === 'original' ? detail : null
  return mediaOf(urlIn(part, 'image_url'), { media: 'image', mimeType: null, name: null, detail: known, cache })
}

const AUDIO_TYPES: Readonly<Record<string, string>> = { wav: 'audio/wav', mp3: 'audio/mpeg' }

/** `data` is base64 by OpenAI, a URL or data URL by Qwen. */
function decodeAudio(audio: unknown, cache: CacheMark): MediaPart | null {
  const format = textIn(audio, 'format') ?? 'wav'
  const mimeType = entryOf(AUDIO_TYPES, format) ?? `audio/${format}`
  return mediaOf(textIn(audio, 'data'), { media: 'audio', mimeType, name: null, detail: null, cache })
}

function decodeFile(file: unknown, cache: CacheMark, losses: Losses): ContentPart | null {
  const data = textIn(file, 'file_data')
  const name = textIn(file, 'filename')
  if (data === null) {
    losses.add('file_id')
    return leftOut(name ?? 'document', cache)
  }
  return mediaOf(data, { media: 'document', mimeType: 'application/pdf', name, detail: null, cache })
}

const URL_SCHEME = /^(?:https?|data|gs|file):/i

/** A URL, a data URL or bare base64 as media; null where there is nothing. */
function mediaOf(from: string | null, said: Omit<MediaPart, 'type' | 'source'>): MediaPart | null {
  if (from === null) return null
  const { mimeType, source } = sourceOf(from)
  if (mimeType !== null) return { ...said, type: 'media', media: kindOf(mimeType), mimeType, source }
  if (
    source.kind === 'base64' ||
    said.media === 'image' ||
    said.media === 'video' ||
    URL_SCHEME.test(from.slice(0, 10))
  )
    return { ...said, type: 'media', source }
  return { ...said, type: 'media', source: { kind: 'base64', data: from } }
}

/** A picture in an answer, as OpenRouter sends it. */
export const decodeAnswerImage = (image: unknown): MediaPart | null => decodeImage(image, null)

export const dataUrl = (mimeType: string, data: string): string => `data:${mimeType};base64,${data}`

/**
 * Plain text goes as text, which every model reads; a document that lies elsewhere has no form here, nor has film.
 * https://platform.openai.com/docs/guides/images-vision, https://platform.openai.com/docs/guides/audio
 */
export const MEDIA: TakenMedia = {
  takes({ media, mimeType, source }) {
    if (media === 'image') return source.kind === 'url' || mimeType === null || isWebImage(mimeType)
    if (source.kind === 'url') return false
    if (media === 'document')
      return isTextType(mimeType) ? 'as text' : mimeType === null || mimeType === 'application/pdf'
    return media === 'audio' && soundFormat(mimeType) !== null
  },
  inAnswers: false
}

/** Of what fits (`MEDIA`). */
export const encodeParts = (parts: readonly ContentPart[], target: Target): readonly UserPartParam[] =>
  parts.map((part) => encodePart(part, target)).filter((part) => part !== null)

/**
 * One text where nothing but text is to be said, which every vendor takes, with blank lines between its blocks; else a
 * list. '' for nothing. Where cache marks are taken it is a list always: a mark moves on with the conversation, and a message
 * that it leaves must stay the same for the cache.
 */
export const asContent = (parts: readonly UserPartParam[], target: Target): string | UserPartParam[] =>
  isOneText(parts, target) ? joined(parts) : [...parts]

/** The same of texts alone, for the messages that take no others. */
export function encodeTexts(parts: readonly TextPart[], target: Target): string | TextParam[] {
  const encoded = parts.filter(({ text }) => text !== '').map((part) => encodeText(part, target))
  return isOneText(encoded, target) ? joined(encoded) : encoded
}

const isOneText = (parts: readonly UserPartParam[], { quirks }: Target): parts is readonly TextParam[] =>
  parts.length === 0 || (quirks.takesCacheControl !== true && parts.every(({ type }) => type === 'text'))

const joined = (parts: readonly TextParam[]): string => parts.map(({ text }) => text).join('\n\n')

const encodeText = ({ text, cache }: TextPart, target: Target): TextParam => ({
  type: 'text',
  text,
  ...cached(cache, target)
})

export const cached = (cache: CacheMark, { quirks }: Target): Cached =>
  cache === null || quirks.takesCacheControl !== true ? {} : { cache_control: markOf(cache) }

function encodePart(part: ContentPart, target: Target): UserPartParam | null {
  if (part.type === 'text') return part.text === '' ? null : encodeText(part, target)
  return { ...encodeMedia(part), ...cached(part.cache, target) }
}

function encodeMedia(part: MediaPart): UserPartParam {
  const { media, mimeType, source, name } = part
  if (media === 'image' || source.kind === 'url') return encodeImage(part)
  if (media === 'audio') {
    return { type: 'input_audio', input_audio: { data: source.data, format: soundFormat(mimeType) ?? 'wav' } }
  }
  const file_data = dataUrl(mimeType ?? 'application/pdf', source.data)
  return { type: 'file', file: { filename: name ?? 'document.pdf', file_data } }
}

function encodeImage({ source, mimeType, detail }: MediaPart): UserPartParam {
  const url = source.kind === 'url' ? source.url : dataUrl(mimeType ?? 'image/png', source.data)
  // Chat has no `original`; `high` is its best.
  const wanted = detail === 'original' ? 'high' : detail
  return { type: 'image_url', image_url: { url, ...(wanted !== null && { detail: wanted }) } }
}

function soundFormat(mimeType: string | null): 'mp3' | 'wav' | null {
  if (mimeType === 'audio/mpeg' || mimeType === 'audio/mp3') return 'mp3'
  return mimeType !== null && /^audio\/(x-)?wav$/.test(mimeType) ? 'wav' : null
}
