import type { Quirks } from '../../shared/quirks'
import type { CacheMark, Conversation, MediaPart, Part, TextPart, Turn } from './canonical'
import type { Losses } from './losses'

/**
 * What a target is shown of pictures, documents and sound. What it does not take is a line of text in its place, so that a history
 * with it goes on, no turn is left empty and the model knows that something was there.
 */

/** https://platform.claude.com/docs/en/build-with-claude/vision, https://platform.openai.com/docs/guides/images-vision */
const WEB_IMAGES = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'] as const
type WebImage = (typeof WEB_IMAGES)[number]

/** Anthropic and OpenAI take them. */
export const isWebImage = (type: string | null): type is WebImage => WEB_IMAGES.some((one) => one === type)

/** What is read as text, whatever its kind. */
const TEXT_TYPE = /^text\/|[/+](?:json|xml|yaml|toml|javascript|typescript|x-sh)$/

export const isTextType = (type: string | null): boolean => type !== null && TEXT_TYPE.test(type)

export interface TakenMedia {
  /** Types of images are written as vendors write them: in lower case, `image/jpg` as `image/jpeg`. */
  takes(part: MediaPart): boolean | 'as text'
  /** A model's own turn may hold some. */
  readonly inAnswers: boolean
}

/** What stands for a part that can't be carried. `what`: its name, or its kind. */
export const leftOut = (what: string, cache: CacheMark): TextPart =>
  text(`[${what} left out: this channel can not be shown it]`, cache)

/** Each part that the target does not take, by itself or by its channel's quirks, becomes a text, and a loss. */
export function fitMedia(conversation: Conversation, taken: TakenMedia, quirks: Quirks, losses: Losses): Conversation {
  if (!conversation.turns.some(hasMedia)) return conversation
  const fit = (part: MediaPart, role: Turn['role']): MediaPart | TextPart => {
    const named = { ...part, mimeType: usualName(part) }
    const loss = lossOf(named, role, taken, quirks)
    if (loss === null) return named
    if (loss === 'as text') return textOf(named)
    losses.add(part.media, loss.detail)
    return leftOut(part.name ?? part.media, part.cache)
  }
  const turns = conversation.turns.map(({ role, parts }) => ({
    role,
    parts: parts.map((part): Part => {
      if (part.type === 'media') return fit(part, role)
      if (part.type !== 'tool-result') return part
      return { ...part, content: part.content.map((one) => (one.type === 'media' ? fit(one, role) : one)) }
    })
  }))
  return { ...conversation, turns }
}

const hasMedia = ({ parts }: Turn): boolean =>
  parts.some(
    (part) =>
      part.type === 'media' || (part.type === 'tool-result' && part.content.some(({ type }) => type === 'media'))
  )

function usualName(part: MediaPart): string | null {
  const lower = part.mimeType?.toLowerCase() ?? null
  if (part.media === 'image') return lower === 'image/jpg' || lower === 'image/pjpeg' ? 'image/jpeg' : lower
  const isUnsaid = lower === null || lower === 'application/octet-stream'
  return part.media === 'document' && isUnsaid && isPdf(part) ? 'application/pdf' : part.mimeType
}

/** By its name, or `%PDF-`, its first bytes. */
const isPdf = ({ name, source }: MediaPart): boolean =>
  name?.toLowerCase().endsWith('.pdf') === true || (source.kind === 'base64' && source.data.startsWith('JVBERi0'))

/** null: it is taken as it is; `as text`: what it says is. */
function lossOf(
  part: MediaPart,
  role: Turn['role'],
  taken: TakenMedia,
  { dropsImages, dropsDocuments }: Quirks
): { readonly detail: string | null } | 'as text' | null {
  const { media, mimeType, source } = part
  if (role === 'assistant' && !taken.inAnswers) return { detail: 'of an assistant' }
  if (media === 'image' && dropsImages === true) return { detail: null }
  if (media === 'document' && dropsDocuments === true) {
    return source.kind === 'base64' && isTextType(mimeType) ? 'as text' : { detail: mimeType }
  }
  const isTaken = taken.takes(part)
  if (isTaken !== false) return isTaken === true ? null : isTaken
  return { detail: source.kind === 'url' ? 'a URL' : mimeType }
}

/** A document of text, under its name. */
function textOf(part: MediaPart): TextPart {
  const said = part.source.kind === 'url' ? '' : Buffer.from(part.source.data, 'base64').toString('utf8')
  return text(part.name === null || said === '' ? said : `${part.name}:\n${said}`, part.cache)
}

const text = (said: string, cache: CacheMark): TextPart => ({ type: 'text', text: said, cache, citations: [] })
