import type { CacheMark } from './canonical'

/** A block of an encoded prompt, in any protocol that takes Anthropic's marks. It is made anew for one request. */
export interface Markable {
  readonly type?: string | null
  cache_control?: { type: 'ephemeral'; ttl?: '5m' | '1h' } | null
}

/** What marks can stand on, each in the order of the prompt. */
export interface MarkablePrompt {
  readonly tools: readonly Markable[]
  readonly system: readonly Markable[]
  /** Of all turns. */
  readonly said: readonly Markable[]
  /** The last one of each of the user's turns that has any. */
  readonly userEnds: readonly Markable[]
}

export interface MarkWish {
  /** How long a prompt without any mark is kept; null: it stays without. */
  readonly unmarked: CacheMark
  /** How long the whole prompt is kept, beside what the client marked in it; null: the client did not say. */
  readonly whole: CacheMark
}

/** More are refused, by Anthropic as by Qwen. */
const MOST_MARKS = 4

/**
 * A client that marks nothing gets the marks that suit an assistant's growing conversation, so that it does not pay the whole
 * prompt each turn. https://platform.claude.com/docs/en/build-with-claude/prompt-caching
 */
export function markPrompt({ tools, system, said, userEnds }: MarkablePrompt, { unmarked, whole }: MarkWish): void {
  const blocks = [...tools, ...system, ...said]
  const places = blocks.some(isMarked) ? userEnds.slice(-1) : [tools.at(-1), system.at(-1), ...userEnds.slice(-2)]
  const lasting = blocks.some(isMarked) ? whole : unmarked
  if (lasting !== null) for (const block of places) if (block) block.cache_control ??= markOf(lasting)
  for (const block of blocks.filter(isMarked).slice(0, -MOST_MARKS)) delete block.cache_control
  evenMarks(blocks)
}

const isMarked = ({ cache_control }: Markable): boolean => (cache_control ?? null) !== null

export const markOf = (lasting: NonNullable<CacheMark>): NonNullable<Markable['cache_control']> =>
  lasting === '1h' ? { type: 'ephemeral', ttl: '1h' } : { type: 'ephemeral' }

/** A mark of an hour behind one of five minutes is refused: what stands before it is kept as long. */
function evenMarks(blocks: readonly Markable[]): void {
  const lastLong = blocks.findLastIndex((block) => block.cache_control?.ttl === '1h')
  for (const block of blocks.slice(0, Math.max(lastLong, 0))) if (isMarked(block)) block.cache_control = markOf('1h')
}
