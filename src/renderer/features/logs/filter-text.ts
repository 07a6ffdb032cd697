import { channelId, clientKeyId, type ChannelId, type ClientKeyId } from '../../../shared/ids'
import type { LogFilter } from '../../../shared/log-filter'
import { PROTOCOLS, type ProtocolId } from '../../../shared/protocol'
import { outcome, type Outcome } from '../../../shared/request-log'

/** What names stand for in a filter. */
export interface FilterNames {
  readonly channels: readonly { readonly id: ChannelId; readonly name: string; readonly slug: string }[]
  /** Of channels as rows show them, also of those that are gone or are called otherwise by now. */
  readonly loggedChannels?: readonly string[]
  readonly clientKeys: readonly { readonly id: ClientKeyId; readonly name: string }[]
}

/** The fields a filter can name, in the order in which they are offered. */
export const FIELDS = [
  'status',
  'outcome',
  'channel',
  'model',
  'client',
  'key',
  'session',
  'protocol',
  'since',
  'until'
] as const
export type Field = (typeof FIELDS)[number]

/** One piece of what was typed. `problem`: why it is not understood, and so not used. */
export interface FilterToken {
  readonly text: string
  /** null: free text, looked for in errors. */
  readonly field: Field | null
  readonly value: string
  readonly problem: 'unknown_field' | 'unknown_value' | 'empty' | 'repeated' | null
}

export interface ReadFilter {
  readonly filter: LogFilter
  readonly tokens: readonly FilterToken[]
}

const isField = (name: string): name is Field => FIELDS.some((field) => field === name)

/**
 * Reads a filter as it is typed: `status:5xx channel:main model:opus since:1h "connection reset"`. Values with spaces stand in
 * quotes. Several of `outcome` add up, and two bounds of `status` are a range; any other field can be asked for once. What can't be
 * asked for is marked: nothing is asked for until it is mended, for the rest alone would find more than was meant.
 */
export function readFilterText(text: string, names: FilterNames, now: number): ReadFilter {
  const tokens = split(text).map(tokenOf)
  let filter: LogFilter = {}
  const words: string[] = []
  const read = tokens.map((token): FilterToken => {
    if (token.problem !== null) return token
    if (token.field === null) {
      words.push(token.value)
      return token
    }
    const part = readers[token.field](token.value, { names, now, before: filter })
    if (part === null) return { ...token, problem: 'unknown_value' }
    if (repeats(token.field, part, filter)) return { ...token, problem: 'repeated' }
    filter = { ...filter, ...part }
    return token
  })
  if (words.length > 0) filter = { ...filter, text: words.join(' ').slice(0, LONGEST_TEXT) }
  return { filter, tokens: read }
}

/** The log is asked for one channel, one model and so on: of two the one would silently not count. */
const repeats = (field: Field, part: LogFilter, before: LogFilter): boolean =>
  field !== 'outcome' &&
  (Object.keys(part).some((key) => key in before) ||
    (field === 'channel' && ('channelId' in before || 'channelName' in before)))

/** What the contract takes. */
const LONGEST_TEXT = 200

const quoted = (value: string): string => (/[\s":]/.test(value) ? `"${value.replaceAll('"', '')}"` : value)

/** A token as it is typed: a field's value, or words to be looked for in errors. */
export const tokenText = (field: Field | null, value: string): string =>
  field === null ? `"${value.replaceAll('"', '')}"` : `${field}:${quoted(value)}`

/** The text with one more token, in the place of an earlier one of the same field. */
export function withToken(text: string, field: Field, value: string): string {
  const kept = split(text).filter((piece) => field === 'outcome' || tokenOf(piece).field !== field)
  return [...kept, tokenText(field, value)].filter((piece) => piece !== `${field}:`).join(' ')
}

/** The text with another token in the place of one; '' takes it away. */
export const withReplaced = (tokens: readonly FilterToken[], index: number, text: string): string =>
  tokens
    .map((token, at) => (at === index ? text : token.text))
    .filter((piece) => piece !== '')
    .join(' ')

/** Pieces stand between spaces; quotes keep a piece together. */
export const PIECE = /(?:[^\s"]+|"[^"]*"?)+/g

function split(text: string): string[] {
  return text.match(PIECE) ?? []
}

function tokenOf(text: string): FilterToken {
  const at = text.indexOf(':')
  const unquoted = (part: string): string => part.replaceAll('"', '')
  if (at <= 0 || text.startsWith('"')) return { text, field: null, value: unquoted(text), problem: null }
  const name = text.slice(0, at).toLowerCase()
  const value = unquoted(text.slice(at + 1))
  if (!isField(name)) return { text, field: null, value, problem: 'unknown_field' }
  return { text, field: name, value, problem: value === '' ? 'empty' : null }
}

interface ReadContext {
  readonly names: FilterNames
  readonly now: number
  /** What the tokens before said. */
  readonly before: LogFilter
}

/** What a field's value asks for; null when it is none of the field's. */
const readers: Readonly<Record<Field, (value: string, context: ReadContext) => LogFilter | null>> = {
  status: statusOf,
  outcome: (value, { before }) => outcomesOf(value, before),
  channel: (value, { names }) => channelOf(value, names),
  key: (value, { names }) =>
    KEY_ID.test(value)
      ? { clientKeyId: clientKeyId.parse(value) }
      : foundAs(wholly(names.clientKeys, value) ?? partly(names.clientKeys, value), ({ id }) => ({ clientKeyId: id })),
  model: (model) => ({ model }),
  client: (client) => ({ client }),
  session: (sessionId) => ({ sessionId }),
  protocol: (value) =>
    foundAs(
      PROTOCOLS.find((protocol): protocol is ProtocolId => protocol === value.toLowerCase()),
      (protocol) => ({ protocol })
    ),
  since: (value, { now }) => foundAs(momentOf(value, now), (from) => ({ from })),
  until: (value, { now }) => foundAs(momentOf(value, now), (to) => ({ to }))
}

const foundAs = <T>(found: T | null | undefined, use: (found: T) => LogFilter): LogFilter | null =>
  found === null || found === undefined ? null : use(found)

/** Ids as they are made: those of what is gone are in the log still. */
const CHANNEL_ID = /^ch_[\w-]{12}$/
const KEY_ID = /^key_[\w-]{12}$/

/** A name in full goes before a part of one, and the channel that has it now before those that had it. */
function channelOf(value: string, { channels, loggedChannels = [] }: FilterNames): LogFilter | null {
  const known = wholly(channels, value)
  if (known) return { channelId: known.id }
  if (CHANNEL_ID.test(value)) return { channelId: channelId.parse(value) }
  const logged = loggedChannels.find((name) => name.toLowerCase() === value.toLowerCase())
  if (logged !== undefined) return { channelName: logged }
  return foundAs(partly(channels, value), ({ id }) => ({ channelId: id }))
}

/** Whether this is a channel's name in full, or an id: the log need not be asked for it. */
export const isChannelNow = (value: string, { channels }: FilterNames): boolean =>
  CHANNEL_ID.test(value) || wholly(channels, value) !== undefined

interface Named {
  readonly id: string
  readonly name: string
  readonly slug?: string
}

/** By id, short name or name. */
function wholly<T extends Named>(all: readonly T[], value: string): T | undefined {
  const wanted = value.toLowerCase()
  return all.find(({ id, name, slug }) => id === value || slug === wanted || name.toLowerCase() === wanted)
}

/** By a part of the name that only one has. */
function partly<T extends Named>(all: readonly T[], value: string): T | undefined {
  const having = all.filter(({ name }) => name.toLowerCase().includes(value.toLowerCase()))
  return having.length === 1 ? having[0] : undefined
}

/** `5xx`, `429`, `>=400`, `<500`, `400-499`. */
function statusOf(value: string): LogFilter | null {
  const family = /^([1-5])xx$/i.exec(value)
  if (family) return { statusMin: Number(family[1]) * 100, statusMax: Number(family[1]) * 100 + 99 }
  const range = /^(\d{3})-(\d{3})$/.exec(value)
  if (range) return { statusMin: Number(range[1]), statusMax: Number(range[2]) }
  const compared = /^(>=|>|<=|<|=)?(\d{3})$/.exec(value)
  if (!compared) return null
  const status = Number(compared[2])
  switch (compared[1]) {
    case '>=':
      return { statusMin: status }
    case '>':
      return { statusMin: status + 1 }
    case '<=':
      return { statusMax: status }
    case '<':
      return { statusMax: status - 1 }
    default:
      return { statusMin: status, statusMax: status }
  }
}

/** `ok`, `error` (all that isn't), or one of the outcomes; several add up. */
function outcomesOf(value: string, before: LogFilter): LogFilter | null {
  const chosen: Outcome[] = [...(before.outcome ?? [])]
  for (const name of value.toLowerCase().split(',')) {
    if (name === 'error') chosen.push(...outcome.options.filter((each) => each !== 'ok'))
    else {
      const found = outcome.safeParse(name)
      if (!found.success) return null
      chosen.push(found.data)
    }
  }
  return { outcome: [...new Set(chosen)] }
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 }

/** `15m`, `2h`, `7d` ago; or a day and time in the user's zone (`2026-11-23`, `2026-11-23T10:00`). */
function momentOf(value: string, now: number): number | null {
  const ago = /^(\d{1,5})([mhdw])$/i.exec(value)
  if (ago) return now - Number(ago[1]) * (UNIT_MS[(ago[2] ?? '').toLowerCase()] ?? 0)
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d)?)?$/.test(value)) return null
  // A day alone would be read as UTC.
  const at = new Date(value.length === 10 ? `${value}T00:00` : value).getTime()
  return Number.isNaN(at) ? null : at
}
