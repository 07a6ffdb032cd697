import type { ImportSource } from '../../shared/imports'
import { type Phrase } from '../../shared/phrase'
import type { ModelPrice } from '../../shared/prices'
import type { ProtocolId } from '../../shared/protocol'

export type Environment = Readonly<Record<string, string | undefined>>

/** The machine as far as an importer asks for it. */
export interface Machine {
  /** The user's home folder. */
  readonly home: string
  readonly platform: NodeJS.Platform
  readonly environment: Environment
}

/** Rows of a table with those of the columns that it has; null: there is no such table. */
export interface SourceDatabase {
  rows(table: string, columns: readonly string[]): readonly Readonly<Record<string, unknown>>[] | null
}

/** A file of the source, as it was read. */
export type SourceFile = { readonly path: string } & (
  { readonly kind: 'text'; readonly text: string } | { readonly kind: 'database'; readonly database: SourceDatabase }
)

/** Variables of Routex's own environment. */
export interface Variables {
  /** For references in a file (`${NAME}`, `os.environ/NAME`), and for what a program takes where its file is silent. */
  readonly references: Environment
  /** For references in an address, which is shown; empty for a file that came over the network. */
  readonly addresses: Environment
  /** The shell in which the program itself would run; empty when a single file is looked at. */
  readonly shell: Environment
}

export interface Credential {
  readonly value: string
  /** The variable it was taken from; null: it stands in the file. */
  readonly variable: string | null
}

/** An account of another program, as a channel that could be added. */
export interface FoundAccount {
  readonly name: string
  readonly protocol: ProtocolId
  readonly baseUrl: string
  readonly credential: Credential | null
  readonly models: readonly string[]
  readonly modelMap: Readonly<Record<string, string>>
  /** Own prices, by the names of models as they are sent. */
  readonly prices: Readonly<Record<string, ModelPrice>>
  /** What it bills, as a multiple of every price. */
  readonly priceMultiplier: number
  /** A lower number goes first. */
  readonly priority: number
  readonly weight: number
  readonly enabled: boolean
  readonly headers: Readonly<Record<string, string>>
  /** Headers whose values were taken from variables: which. */
  readonly headerVariables: Readonly<Record<string, string>>
  /** The file it stands in, or `environment`. */
  readonly from: string
  /** Where in it: `Providers[2]`. */
  readonly place: string
  /** What the user should know; never a secret. */
  readonly notes: readonly Phrase[]
}

/** What no channel can say, or what is never taken. Neither holds a secret. */
export interface NotCarried {
  readonly from: string
  /** Its name in the file, or what it is. */
  readonly what: string | Phrase
  readonly why: Phrase
}

export interface Reading {
  readonly accounts: readonly FoundAccount[]
  readonly notCarried: readonly NotCarried[]
}

/** One program whose accounts can be brought in; a folder each, all of the same shape. */
export interface Importer {
  readonly source: ImportSource
  /** The files in which it keeps accounts on this machine, whether or not they are there. */
  find(machine: Machine): readonly string[]
  /**
   * What files of it hold, be it those that were found or one that the user picked.
   *
   * @throws UnreadableFile when one of them is no such file
   */
  read(files: readonly SourceFile[], variables: Variables): Reading
}

export const joinReadings = (readings: readonly Reading[]): Reading => ({
  accounts: readings.flatMap(({ accounts }) => accounts),
  notCarried: readings.flatMap(({ notCarried }) => notCarried)
})

const DEFAULTS = {
  credential: null,
  models: ['*'],
  modelMap: {},
  prices: {},
  priceMultiplier: 1,
  priority: 50,
  weight: 1,
  enabled: true,
  headers: {},
  headerVariables: {},
  notes: []
} as const

type Needed = Pick<FoundAccount, 'name' | 'protocol' | 'baseUrl' | 'from' | 'place'>

/** What a channel takes. */
const inRange = (number: number): number => Math.min(1000, Math.max(0, number))

/** An account with a channel's defaults where nothing is said. */
export function foundAccount(said: Needed & Partial<FoundAccount>): FoundAccount {
  const account = { ...DEFAULTS, ...said }
  return { ...account, priority: inRange(Math.round(account.priority)), weight: inRange(account.weight) }
}
