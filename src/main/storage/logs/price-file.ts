import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MatchLogic, Provider } from '@pydantic/genai-prices'
import { z } from 'zod'

const matchLogic: z.ZodType<MatchLogic> = z.lazy(() =>
  z.union([
    z.object({ or: z.array(matchLogic) }),
    z.object({ and: z.array(matchLogic) }),
    z.object({ equals: z.string() }),
    z.object({ starts_with: z.string() }),
    z.object({ ends_with: z.string() }),
    z.object({ contains: z.string() }),
    z.object({ regex: z.string().max(500) })
  ])
)

const usd = z.number().min(0)
const modelPrice = z.record(
  z.string(),
  z.union([usd, z.object({ base: usd, tiers: z.array(z.object({ start: z.number(), price: usd })) })])
)
const constraint = z.union([
  z.object({ type: z.literal('start_date'), start_date: z.string() }),
  z.object({ type: z.literal('time_of_date'), start_time: z.string(), end_time: z.string() })
])

/** Of each vendor what prices are looked up by; the rest is left out. */
const provider = z.object({
  id: z.string().min(1),
  name: z.string(),
  api_pattern: z.string().max(1000),
  fallback_model_providers: z.array(z.string()).exactOptional(),
  model_match: matchLogic.exactOptional(),
  provider_match: matchLogic.exactOptional(),
  models: z.array(
    z.object({
      id: z.string().min(1),
      match: matchLogic,
      prices: z.union([z.array(z.object({ constraint: constraint.exactOptional(), prices: modelPrice })), modelPrice])
    })
  )
}) satisfies z.ZodType<Provider>

/** Vendors without which it is no whole table. */
const NEEDED = ['anthropic', 'openai', 'google']

const providers = z
  .array(provider)
  .refine((given) => NEEDED.every((id) => given.some((one) => one.id === id && one.models.length > 0)), {
    error: `must have the prices of ${NEEDED.join(', ')}`
  })

const priceFile = z.object({ fetchedAt: z.number(), providers })

export interface PriceFile {
  /** ms since 1970. */
  readonly fetchedAt: number
  readonly providers: Provider[]
}

const pathOf = (dataDir: string): string => join(dataDir, 'prices.json')

/** A table as genai-prices publishes it. Throws when it is none, or not a whole one. */
export const parseTable = (text: string): Provider[] => providers.parse(JSON.parse(text))

/** The table that was fetched last; null when there is none. Throws when it can't be read. */
export function readPriceFile(dataDir: string): PriceFile | null {
  let text: string
  try {
    text = readFileSync(pathOf(dataDir), 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw error
  }
  return priceFile.parse(JSON.parse(text))
}

/** Keeps a table in the place of the last one: a crash leaves the one or the other. */
export function writePriceFile(dataDir: string, { fetchedAt, providers: table }: PriceFile): void {
  const path = pathOf(dataDir)
  writeFileSync(`${path}.new`, JSON.stringify({ fetchedAt, providers: table }))
  renameSync(`${path}.new`, path)
}
