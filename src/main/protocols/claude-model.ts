import type { Effort } from './canonical'

/**
 * What a model behind the Messages protocol takes. Anthropic took things away from version to version, and a request with
 * what is gone is a 400, so it goes by the name. Sources: the vendor's guides, one a model
 * (https://platform.claude.com/docs/en/about-claude/models/migration-guide), and its page on thinking
 * (https://platform.claude.com/docs/en/build-with-claude/thinking).
 */
export interface MessagesModel {
  /** false: another vendor's model that speaks the protocol. */
  readonly isClaude: boolean
  /** How thinking is asked for: in tokens, or by an effort that steers what the model decides; `none`: it has none. */
  readonly thinking: 'none' | 'budget' | 'adaptive'
  /** What switches thinking off; null: nothing does. */
  readonly thinkingOff: 'disabled' | 'between_tools' | null
  /** Those it knows, where thinking is adaptive. */
  readonly efforts: readonly Effort[]
  /** `temperature`, `top_p` and `top_k`: any of them, temperature or `top_p`, or none but their defaults. */
  readonly sampling: 'all' | 'one' | 'none'
  /** `tool_choice` may name a tool or demand one. */
  readonly takesForcedTools: boolean
  /** The same while it thinks as it sees fit; those that take it skip thinking then. */
  readonly thinksWithForcedTools: boolean
  /** The last message may be the beginning of the answer. */
  readonly takesPrefill: boolean
  /** Structured outputs and strict tools. */
  readonly takesSchemas: boolean
  /** Sent where the client named no limit. */
  readonly defaultMaxTokens: number
  /** Of an answer; more is refused. null: not known. https://platform.claude.com/docs/en/about-claude/models/overview */
  readonly mostTokens: number | null
}

const ALL: readonly Effort[] = ['low', 'medium', 'high', 'xhigh', 'max']
const WITHOUT_XHIGH: readonly Effort[] = ['low', 'medium', 'high', 'max']

const OTHER_VENDORS: MessagesModel = {
  isClaude: false,
  thinking: 'budget',
  thinkingOff: 'disabled',
  efforts: ALL,
  sampling: 'all',
  takesForcedTools: true,
  thinksWithForcedTools: true,
  takesPrefill: true,
  takesSchemas: false,
  defaultMaxTokens: 8192,
  mostTokens: null
}

/** Family before or behind the version (`claude-opus-4-5`, `claude-3-5-sonnet`), the minor version not the date's beginning. */
const NAME = /claude-(?:([a-z]+)-?)?(?:(\d{1,2})(?!\d)(?:[-.](\d{1,2})(?!\d))?)?(?:-([a-z]+))?/

export function messagesModel(name: string): MessagesModel {
  const found = NAME.exec(name.toLowerCase())
  if (found === null) return OTHER_VENDORS
  const [, before, major, minor, behind] = found
  // Aliases without a version (`claude-sonnet-latest`) stand for the newest: what old ones took, they may refuse.
  const version = major === undefined ? 500 : Number(major) * 100 + Number(minor ?? 0)
  return claude({ family: before ?? behind ?? '', version })
}

/** `version`: 405 is 4.5. */
interface Name {
  readonly family: string
  readonly version: number
}

const claude = (name: Name): MessagesModel => ({
  isClaude: true,
  thinking: name.version < 307 ? 'none' : hasAdaptive(name) ? 'adaptive' : 'budget',
  thinkingOff: thinkingOff(name),
  efforts: isNew(name) ? ALL : WITHOUT_XHIGH,
  sampling: isNew(name) ? 'none' : name.version >= 401 ? 'one' : 'all',
  takesForcedTools: takesForcedTools(name),
  // 4.6 and 4.7 refuse it on Bedrock: https://github.com/langchain-ai/langchain-aws/pull/1151
  thinksWithForcedTools: name.version >= 408,
  // https://platform.claude.com/docs/en/about-claude/models/whats-new-claude-4-6#prefill-removal
  takesPrefill: name.version < 406,
  takesSchemas: name.version >= 405,
  defaultMaxTokens: defaultMaxTokens(name),
  mostTokens: mostTokens(name)
})

const isNew = ({ family, version }: Name): boolean => version >= 500 || (family === 'opus' && version >= 407)

const hasAdaptive = ({ family, version }: Name): boolean =>
  version >= 500 || (version >= 406 && (family === 'opus' || family === 'sonnet'))

const isLarge = ({ family }: Name): boolean => family === 'fable' || family === 'mythos'

function thinkingOff(name: Name): MessagesModel['thinkingOff'] {
  if (isLarge(name) || (name.family === 'opus' && name.version >= 505)) return null
  return name.family === 'sonnet' && name.version >= 505 ? 'between_tools' : 'disabled'
}

function takesForcedTools(name: Name): boolean {
  if (isLarge(name)) return name.version < 501
  return name.version < 505 || name.family === 'haiku'
}

function defaultMaxTokens({ family, version }: Name): number {
  if (version < 305) return 4096
  if (version < 307) return 8192
  return family === 'opus' && version >= 400 && version < 405 ? 32_000 : 64_000
}

function mostTokens(name: Name): number | null {
  if (name.version < 406) return defaultMaxTokens(name)
  return name.version < 500 && (name.family === 'opus' || name.family === 'sonnet') ? 128_000 : null
}
