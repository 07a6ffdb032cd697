import type { Citation, MediaPart, TextPart, ToolResultPart } from '../canonical'
import type { HostedCallPart } from '../canonical-answer'
import { isTextType, leftOut, type TakenMedia } from '../fit-media'
import { isObject, jsonText, listIn, textIn } from '../foreign-json'
import type { Losses } from '../losses'
import { kindOf, sourceOf } from '../media-source'
import { listNamed, memberNamed, objectNamed, textNamed } from '../proto-json'
import { UnreadableRequest } from '../translator'
import type { GroundingMetadata, Part, UrlContextMetadata } from './wire'

export const textPart = (text: string): TextPart => ({ type: 'text', text, cache: null, citations: [] })

/** By a URL's extension, where its type was not told: the vendor wants one. */
const TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
  txt: 'text/plain',
  md: 'text/markdown',
  html: 'text/html',
  csv: 'text/csv',
  json: 'application/json',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
  m4a: 'audio/m4a',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  mpeg: 'video/mpeg'
}
const USUAL_TYPES = {
  image: 'image/jpeg',
  document: 'application/pdf',
  audio: 'audio/mpeg',
  video: 'video/mp4'
} as const satisfies Readonly<Record<MediaPart['media'], string>>

function typeOfUrl(url: string): string | null {
  const [, extension = ''] = /\.([a-z0-9]{2,4})(?:[?#]|$)/i.exec(url) ?? []
  const lower = extension.toLowerCase()
  return Object.hasOwn(TYPES, lower) ? (TYPES[lower] ?? null) : null
}

/** The vendor's own stores: nobody else can read what lies there. */
const HELD = /^(?:gs:|files\/|https:\/\/generativelanguage\.googleapis\.com\/)/
const YOUTUBE = /^https:\/\/(?:www\.youtube\.com|youtu\.be)\//

/** The same of what a client attached: a text in place of what lies in the vendor's own store. */
export function decodeAttached(part: unknown, losses: Losses): MediaPart | TextPart | null {
  const media = decodeMedia(part)
  const file = media === null ? objectNamed(part, 'fileData') : null
  const url = textNamed(file, 'fileUri')
  if (url === null) return media
  losses.add('file_id', url)
  return leftOut(textNamed(file, 'displayName') ?? url, null)
}

/**
 * `inlineData` or `fileData` of a part, or of a part of a function's response: https://ai.google.dev/api/caching#Part.
 * null where there is none, or where it lies in the vendor's own store.
 */
export function decodeMedia(part: unknown): MediaPart | null {
  const inline = objectNamed(part, 'inlineData')
  const data = textIn(inline, 'data')
  const name = textNamed(inline ?? objectNamed(part, 'fileData'), 'displayName')
  if (data !== null) {
    const mimeType = textNamed(inline, 'mimeType')
    return media(mimeType, { kind: 'base64', data: standardBase64(data) }, kindOf(mimeType ?? ''), name)
  }
  const file = objectNamed(part, 'fileData')
  const url = textNamed(file, 'fileUri')
  if (url === null || HELD.test(url)) return null
  const named = sourceOf(url)
  const mimeType = named.mimeType ?? textNamed(file, 'mimeType') ?? typeOfUrl(url)
  return media(mimeType, named.source, YOUTUBE.test(url) ? 'video' : kindOf(mimeType ?? ''), name)
}

const media = (
  mimeType: string | null,
  source: MediaPart['source'],
  kind: MediaPart['media'],
  name: string | null
): MediaPart => ({ type: 'media', media: kind, mimeType, source, name, detail: null, cache: null })

/** Proto JSON takes base64url as well, others don't. */
const standardBase64 = (data: string): string =>
  /[-_]/.test(data) ? data.replaceAll('-', '+').replaceAll('_', '/') : data

/** https://ai.google.dev/gemini-api/docs/image-understanding#supported-formats */
const IMAGES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/webp', 'image/heic', 'image/heif'])

export const MEDIA: TakenMedia = {
  takes({ media: kind, mimeType, source }) {
    const type = mimeType ?? (source.kind === 'url' ? typeOfUrl(source.url) : null)
    if (kind === 'image') return type === null || IMAGES.has(type)
    if (kind !== 'document' || type === null || type === 'application/pdf') return true
    // Others are refused: "Unsupported MIME type". https://ai.google.dev/gemini-api/docs/document-processing
    if (!isTextType(type)) return false
    return source.kind === 'url' || type.startsWith('text/') || 'as text'
  },
  inAnswers: true
}

/** Without its name: the Gemini API refuses one. */
export function encodeMedia({ media: kind, mimeType, source }: MediaPart): Part {
  if (source.kind === 'base64') return { inlineData: { mimeType: mimeType ?? USUAL_TYPES[kind], data: source.data } }
  const type = mimeType ?? typeOfUrl(source.url) ?? USUAL_TYPES[kind]
  return { fileData: { mimeType: type, fileUri: source.url } }
}

/** Under its name, which is a text here. */
export const encodeNamed = (part: MediaPart): readonly Part[] =>
  part.name === null ? [encodeMedia(part)] : [{ text: `${part.name}:` }, encodeMedia(part)]

/** @throws UnreadableRequest where a client nested it deeper than JSON can be written */
export function textOfJson(value: unknown): string {
  const text = jsonText(value)
  if (text === null) throw new UnreadableRequest('The request body is nested too deep.')
  return text
}

type ResultContent = Pick<ToolResultPart, 'content' | 'isError'>

/**
 * A function's response: `output` or `error` alone say all, else the whole object is the output.
 * https://ai.google.dev/api/caching#FunctionResponse
 */
export function decodeResult(response: unknown, losses: Losses): ResultContent {
  const told = memberNamed(response, 'response')
  const names = isObject(told) ? Object.keys(told) : []
  const [only = ''] = names.length === 1 ? names : []
  const isError = only === 'error'
  const value = isError || only === 'output' ? memberNamed(told, only) : told
  const text = typeof value === 'string' ? value : value === undefined ? '' : textOfJson(value)
  const parts = listNamed(response, 'parts').flatMap((part) => decodeAttached(part, losses) ?? [])
  return { content: [...(text === '' && parts.length > 0 ? [] : [textPart(text)]), ...parts], isError }
}

/** Images and PDFs may stand in a response itself from Gemini 3 on: https://ai.google.dev/gemini-api/docs/function-calling#multimodal */
export const fitsInResponse = ({ media: kind, source }: MediaPart): boolean =>
  source.kind === 'base64' && (kind === 'image' || kind === 'document')

export const textOfResult = ({ content }: ResultContent): string =>
  content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')

const citation = (source: unknown): readonly Citation[] => {
  const url = textIn(source, 'uri')
  return url === null ? [] : [{ url, title: textIn(source, 'title'), quote: null }]
}

/** Where an answer's text is from: https://ai.google.dev/gemini-api/docs/google-search, and what it quotes at length. */
export function decodeCitations(candidate: unknown): readonly Citation[] {
  const chunks = listNamed(memberNamed(candidate, 'groundingMetadata'), 'groundingChunks')
  const quoted = memberNamed(candidate, 'citationMetadata')
  return [
    ...chunks.flatMap((chunk) => citation(memberNamed(chunk, 'web') ?? memberNamed(chunk, 'retrievedContext'))),
    ...[...listIn(quoted, 'citations'), ...listIn(quoted, 'citationSources')].flatMap(citation)
  ]
}

/** Gathers what an answer's `groundingMetadata` and `urlContextMetadata` tell at its end. */
export class Grounding {
  readonly #sources = new Map<string, { readonly index: number; readonly citation: Citation }>()
  readonly #supports: { readonly start: number; readonly end: number; readonly indices: readonly number[] }[] = []
  readonly #queries: string[] = []
  readonly #fetched: { readonly url: string; readonly isFailed: boolean }[] = []
  /** Bytes of the text so far, of which the open piece began at `#start`, and the sources of that piece. */
  #length = 0
  #start = 0
  #indices: number[] = []

  addText(text: string): void {
    this.#length += Buffer.byteLength(text)
  }

  cite(source: Citation): void {
    const index = this.#indexOf(source)
    if (!this.#indices.includes(index)) this.#indices.push(index)
  }

  /** The piece of text is over: what it cites supports it alone. */
  endText(): void {
    if (this.#indices.length > 0) {
      this.#supports.push({ start: this.#start, end: this.#length, indices: this.#indices })
      this.#indices = []
    }
    this.#start = this.#length
  }

  addSearch({ input, sources }: HostedCallPart): void {
    this.#queries.push(...input.split('\n').filter((query) => query !== ''))
    for (const source of sources) this.#indexOf(source)
  }

  addFetch({ input, error }: HostedCallPart): void {
    this.#fetched.push({ url: input, isFailed: error !== undefined })
  }

  #indexOf(source: Citation): number {
    const known = this.#sources.get(source.url)
    if (known !== undefined) return known.index
    const index = this.#sources.size
    this.#sources.set(source.url, { index, citation: source })
    return index
  }

  /** undefined where nothing was searched or cited. */
  get metadata(): GroundingMetadata | undefined {
    if (this.#sources.size === 0 && this.#queries.length === 0) return undefined
    return {
      groundingChunks: [...this.#sources.values()].map(({ citation: { url, title } }) => ({
        web: { uri: url, title: title ?? undefined }
      })),
      groundingSupports: this.#supports.map(({ start, end, indices }) => ({
        segment: { startIndex: start, endIndex: end },
        groundingChunkIndices: indices
      })),
      webSearchQueries: this.#queries
    }
  }

  get fetched(): UrlContextMetadata | undefined {
    if (this.#fetched.length === 0) return undefined
    return {
      urlMetadata: this.#fetched.map(({ url, isFailed }) => ({
        retrievedUrl: url,
        urlRetrievalStatus: isFailed ? 'URL_RETRIEVAL_STATUS_ERROR' : 'URL_RETRIEVAL_STATUS_SUCCESS'
      }))
    }
  }
}
