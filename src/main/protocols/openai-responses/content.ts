import type { Citation, MediaPart, MediaSource, Part, RefusalPart, TextPart } from '../canonical'
import { isWebImage, leftOut, type TakenMedia } from '../fit-media'
import { entryOf, isObject, listIn, objectIn, textIn, type JsonObject } from '../foreign-json'
import type { AnswerEvent } from '../canonical-answer'
import type { Losses } from '../losses'
import { kindOf, sourceOf } from '../media-source'
import { ItemWriter, type EventWriter } from './stream'
import type { InputContent, OutputMessage, OutputRefusal, OutputText, ResponseOutputItem, UrlCitation } from './wire'

/** Text, media and documents of messages and of tool results, both ways. */

export type ContentPart = TextPart | MediaPart | RefusalPart

export const textPart = (text: string, citations: readonly Citation[] = []): TextPart => ({
  type: 'text',
  text,
  cache: null,
  citations
})

/** A `content` or an `output`: a text or a list of parts. */
export function decodeContent(content: unknown, losses: Losses): readonly ContentPart[] {
  if (typeof content === 'string') return content === '' ? [] : [textPart(content)]
  if (!Array.isArray(content)) return []
  return content.flatMap((part: unknown) => (isObject(part) ? decodePart(part, losses) : []))
}

function decodePart(part: JsonObject, losses: Losses): readonly ContentPart[] {
  switch (textIn(part, 'type')) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return decodeText(part)
    case 'refusal': {
      const text = textIn(part, 'refusal')
      return text === null ? [] : [{ type: 'refusal', text }]
    }
    case 'input_image':
      return decodeImage(part, losses)
    case 'input_file':
      return decodeFile(part, losses)
    case 'input_audio':
      return decodeAudio(part, losses)
    default:
      losses.add('history', textIn(part, 'type') ?? 'content')
      return []
  }
}

/** A text that is empty but cited says where its answer is from. */
function decodeText(part: JsonObject): readonly TextPart[] {
  const citations = listIn(part, 'annotations').flatMap((annotation) => decodeCitation(annotation) ?? [])
  const text = textIn(part, 'text') ?? ''
  return text === '' && citations.length === 0 ? [] : [textPart(text, citations)]
}

/** Files of the vendor's own store (`file_citation`…) are no place that anybody could look up. */
export function decodeCitation(annotation: unknown): Citation | null {
  const url = textIn(annotation, 'type') === 'url_citation' ? textIn(annotation, 'url') : null
  return url === null ? null : { url, title: textIn(annotation, 'title'), quote: null }
}

/** `length`: of the text that it is for; which part of it is not known. */
export const encodeCitation = ({ url, title }: Citation, length: number): UrlCitation => ({
  type: 'url_citation',
  start_index: 0,
  end_index: length,
  title: title ?? url,
  url
})

function decodeImage(part: JsonObject, losses: Losses): readonly ContentPart[] {
  // Chat's form, an object, is taken too: clients mix them up.
  const url = textIn(part, 'image_url') ?? textIn(objectIn(part, 'image_url'), 'url')
  if (url === null) {
    losses.add(textIn(part, 'file_id') === null ? 'image' : 'file_id')
    return [leftOut('image', null)]
  }
  const detail = textIn(part, 'detail') ?? textIn(objectIn(part, 'image_url'), 'detail') ?? ''
  return [{ ...mediaOf(url, 'image'), detail: entryOf(DETAILS, detail) ?? null }]
}

const DETAILS = { low: 'low', high: 'high', original: 'original' } as const

function decodeFile(part: JsonObject, losses: Losses): readonly ContentPart[] {
  const name = textIn(part, 'filename')
  const data = textIn(part, 'file_data')
  const url = textIn(part, 'file_url')
  if (data !== null) return [{ ...mediaOf(asDataUrl(data), 'document'), name }]
  if (url !== null) return [{ ...mediaOf(url, 'document'), name }]
  losses.add(textIn(part, 'file_id') === null ? 'document' : 'file_id')
  return [leftOut(name ?? 'document', null)]
}

/** Some clients send the base64 alone; it is a PDF then, the first kind of file that the API took. */
const asDataUrl = (data: string): string => (data.startsWith('data:') ? data : `data:application/pdf;base64,${data}`)

/** https://platform.openai.com/docs/guides/audio: base64 with a format; the Responses types name it, though no model takes it. */
function decodeAudio(part: JsonObject, losses: Losses): readonly ContentPart[] {
  const audio = objectIn(part, 'input_audio')
  const data = textIn(audio, 'data')
  if (data === null) {
    losses.add('audio')
    return [leftOut('audio', null)]
  }
  const mimeType = `audio/${textIn(audio, 'format') ?? 'wav'}`
  return [media('audio', mimeType, { kind: 'base64', data })]
}

/** `kind`: what it is unless its type says otherwise. */
function mediaOf(url: string, kind: MediaPart['media']): MediaPart {
  const { mimeType, source } = sourceOf(url)
  return media(mimeType === null ? kind : kindOf(mimeType), mimeType, source)
}

const media = (kind: MediaPart['media'], mimeType: string | null, source: MediaSource): MediaPart => ({
  type: 'media',
  media: kind,
  mimeType,
  source,
  name: null,
  detail: null,
  cache: null
})

/** https://platform.openai.com/docs/guides/images-vision, https://platform.openai.com/docs/guides/pdf-files */
export const MEDIA: TakenMedia = {
  takes({ media, mimeType, source }) {
    if (media === 'image') return source.kind === 'url' || mimeType === null || isWebImage(mimeType)
    return media === 'document'
  },
  inAnswers: false
}

/** Content of a user's message or of a tool's result, of what fits (`MEDIA`). */
export function encodeContent(parts: readonly Part[]): InputContent[] {
  return parts.flatMap((part): InputContent[] => {
    if (part.type === 'text') return part.text === '' ? [] : [{ type: 'input_text', text: part.text }]
    if (part.type !== 'media') return []
    const isNamedLink = part.media === 'document' && part.source.kind === 'url' && part.name !== null
    // A name beside an address is refused: "Mutually exclusive parameters" (https://github.com/0xPlaygrounds/rig/issues/1429).
    return isNamedLink ? [{ type: 'input_text', text: `${part.name}:` }, encodeMedia(part)] : [encodeMedia(part)]
  })
}

function encodeMedia(part: MediaPart): InputContent {
  const url = part.source.kind === 'url' ? part.source.url : null
  if (part.media === 'image') {
    return { type: 'input_image', detail: part.detail ?? 'auto', image_url: url ?? dataUrl(part, 'image/png') }
  }
  if (url !== null) return { type: 'input_file', file_url: url }
  // Data without a name is refused: https://platform.openai.com/docs/guides/pdf-files
  const filename = part.name ?? `document.${entryOf(EXTENSIONS, part.mimeType ?? '') ?? 'pdf'}`
  return { type: 'input_file', filename, file_data: dataUrl(part, 'application/pdf') }
}

const EXTENSIONS = {
  'text/plain': 'txt',
  'text/markdown': 'md',
  'text/csv': 'csv',
  'text/html': 'html',
  'application/json': 'json',
  'application/xml': 'xml'
} as const

const dataUrl = ({ mimeType, source }: MediaPart, otherwise: string): string =>
  source.kind === 'url' ? source.url : `data:${mimeType ?? otherwise};base64,${source.data}`

export const messageItem = (
  id: string,
  status: OutputMessage['status'],
  content: OutputMessage['content']
): OutputMessage => ({ id, type: 'message', status, role: 'assistant', content })

export const outputText = (text: string, annotations: OutputText['annotations']): OutputText => ({
  type: 'output_text',
  text,
  annotations,
  logprobs: []
})

/** `cut`: the answer was. A model that declined in its own words came to its end. */
export const statusOf = (content: OutputMessage['content'], cut: boolean): OutputMessage['status'] =>
  cut && content.at(-1)?.type !== 'refusal' ? 'incomplete' : 'completed'

type Said =
  | { readonly type: 'text'; readonly pieces: string[]; length: number; readonly citations: OutputText['annotations'] }
  | { readonly type: 'refusal'; readonly pieces: string[] }

/** Writes a message as it is said: its texts and refusals are parts, one after the other. */
export class MessageWriter extends ItemWriter {
  readonly #content: OutputMessage['content'] = []
  #said: Said | null = null
  /** What was said is over, though a citation of it may still come. */
  #isOver = false

  constructor(events: EventWriter, index: number, id: string) {
    super(events, index, messageItem(id, 'in_progress', []))
  }

  say(event: Extract<AnswerEvent, { type: 'text' | 'refusal' | 'citation' }>): void {
    if (event.type === 'citation') {
      this.#cite(event.citation)
      return
    }
    const said = this.#open(event.type)
    said.pieces.push(event.text)
    if (said.type === 'refusal') {
      this.tell({ type: 'response.refusal.delta', ...this.#partAt, delta: event.text })
      return
    }
    said.length += event.text.length
    this.tell({ type: 'response.output_text.delta', ...this.#partAt, delta: event.text, logprobs: [] })
  }

  /** What is said next is another part. */
  leavePart(): void {
    this.#isOver = true
  }

  #endPart(): void {
    if (this.#said === null) return
    const part = partOf(this.#said)
    if (part.type === 'refusal') this.tell({ type: 'response.refusal.done', ...this.#partAt, refusal: part.refusal })
    else this.tell({ type: 'response.output_text.done', ...this.#partAt, text: part.text, logprobs: [] })
    this.tell({ type: 'response.content_part.done', ...this.#partAt, part })
    this.#content.push(part)
    this.#said = null
  }

  override end(cut: boolean): ResponseOutputItem {
    this.#endPart()
    return this.done(messageItem(this.id, statusOf(this.#content, cut), this.#content))
  }

  get #partAt() {
    return { ...this.at, content_index: this.#content.length }
  }

  #open(type: Said['type']): Said {
    if (this.#said?.type === type && !this.#isOver) return this.#said
    this.#endPart()
    const said: Said = type === 'text' ? { type, pieces: [], length: 0, citations: [] } : { type, pieces: [] }
    this.#said = said
    this.#isOver = false
    this.tell({ type: 'response.content_part.added', ...this.#partAt, part: partOf(said) })
    return said
  }

  #cite(citation: Citation): void {
    const said = this.#said?.type === 'text' ? this.#said : this.#open('text')
    if (said.type !== 'text') return
    const annotation = encodeCitation(citation, said.length)
    const annotation_index = said.citations.push(annotation) - 1
    this.tell({ type: 'response.output_text.annotation.added', ...this.#partAt, annotation_index, annotation })
  }
}

const partOf = (said: Said): OutputText | OutputRefusal =>
  said.type === 'refusal'
    ? { type: 'refusal', refusal: said.pieces.join('') }
    : outputText(said.pieces.join(''), said.citations)
