import { setImmediate } from 'node:timers/promises'
import type { Conversation, MediaPart, Part, TextPart } from './canonical'

/** Merging is quadratic in a text without spaces, so long ones are counted in parts: off by a token a part at most. */
const PART = 4096
/** Characters that are counted in one go: some milliseconds, in which no stream moves. */
const AT_ONCE = 16 * PART

/**
 * Counts tokens as OpenAI's newer models do. The tokenizer's table is loaded at the first call: it is 2 MB that a start doesn't
 * need.
 */
export async function countTokens(texts: Iterable<string>): Promise<number> {
  const tokenizer = await import('gpt-tokenizer/encoding/o200k_base')
  let total = 0
  let sinceBreak = 0
  for (const text of texts) {
    for (let at = 0; at < text.length; at += PART) {
      total += tokenizer.countTokens(text.slice(at, at + PART), { disallowedSpecial: new Set() })
      sinceBreak += PART
      if (sinceBreak < AT_ONCE) continue
      sinceBreak = 0
      await setImmediate()
    }
  }
  return total
}

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
export async function estimateTokens(conversation: Conversation): Promise<number> {
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
