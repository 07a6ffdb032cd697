import type { Conversation, MediaPart, Part, TextPart } from './canonical'
import type { CountTokens } from './token-counter'

/** Other vendors' tokenizers make up to a third more of the same text; too high is the safe side (B26). */
const MARGIN = 1.35
/** Role, separators and ids. */
const TOKENS_A_PART = 6
/** Anthropic's largest image is some 1,600 tokens, Gemini's tiles less. */
const TOKENS_AN_IMAGE = 1600
/** A page of PDF is up to 3,000 tokens of text and image, and seldom under 30 KB of base64; sound and video likewise. */
const BASE64_A_TOKEN = 16
/** Of a document that is only named. */
const TOKENS_A_URL = 10_000

/** B26: what a conversation will count as, where no upstream can be asked: rather too high than too low. */
export async function estimateTokens(conversation: Conversation, countTokens: CountTokens): Promise<number> {
  const parts = conversation.turns.flatMap((turn) => turn.parts)
  const fixed = parts.reduce((sum, part) => sum + TOKENS_A_PART + mediaTokens(part), 0)
  return Math.ceil((await countTokens(textsOf(conversation))) * MARGIN) + fixed
}

function* textsOf({ system, tools, turns }: Conversation): Generator<string> {
  for (const { text } of system) yield text
  for (const tool of tools) {
    if (tool.kind === 'function') yield `${tool.name} ${tool.description} ${JSON.stringify(tool.parameters)}`
  }
  for (const { parts } of turns) for (const part of parts) yield* textsIn(part)
}

function* textsIn(part: Part): Generator<string> {
  switch (part.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      yield part.text
      return
    case 'tool-call':
      yield `${part.name} ${part.input}`
      return
    case 'tool-result':
      for (const inner of part.content) if (inner.type === 'text') yield inner.text
      return
    case 'media':
      return
  }
}

function mediaTokens(part: Part): number {
  if (part.type === 'media') return tokensOf(part)
  if (part.type !== 'tool-result') return 0
  return part.content.reduce(
    (sum, inner: TextPart | MediaPart) => sum + (inner.type === 'media' ? tokensOf(inner) : 0),
    0
  )
}

function tokensOf({ media, source }: MediaPart): number {
  if (media === 'image') return TOKENS_AN_IMAGE
  return source.kind === 'url' ? TOKENS_A_URL : Math.ceil(source.data.length / BASE64_A_TOKEN)
}
