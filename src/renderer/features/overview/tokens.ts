import type { Overview } from '../../../shared/stats'
import { m } from '../../lib/messages'

type Tokens = Overview['tokens']

/** All that were read and written: reasoning lies inside the output (B31). */
export const allTokens = (tokens: Tokens): number => tokens.input + tokens.cacheRead + tokens.cacheWrite + tokens.output

interface TokenKind {
  readonly kind: keyof Tokens
  readonly label: string
  readonly color: string
  /** That which is stacked: no token counts twice. */
  readonly alone: (tokens: Tokens) => number
}

/** The kinds in the order in which they are stacked, the largest at the bottom. */
export const tokenKinds = (): readonly TokenKind[] => [
  { kind: 'cacheRead', label: m.overview_token_cache_read(), color: 'var(--chart-5)', alone: (t) => t.cacheRead },
  { kind: 'cacheWrite', label: m.overview_token_cache_write(), color: 'var(--chart-3)', alone: (t) => t.cacheWrite },
  { kind: 'input', label: m.overview_token_input(), color: 'var(--chart-1)', alone: (t) => t.input },
  { kind: 'output', label: m.overview_token_output(), color: 'var(--chart-2)', alone: (t) => t.output - t.reasoning },
  { kind: 'reasoning', label: m.overview_token_reasoning(), color: 'var(--chart-7)', alone: (t) => t.reasoning }
]
