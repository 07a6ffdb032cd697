import type { ChannelInput } from '../../shared/channel'
import type { ImportCandidate } from '../../shared/imports'
import { cutPhrase, phrase } from '../../shared/phrase'
import { inEnglish } from '../../shared/phrase-in-english'
import type { Problem } from '../../shared/problem'
import { nameOfHost, sameAddress } from '../imports/base-urls'
import type { Findings } from '../imports/findings'
import { credentialRevision } from '../storage/config/channel-table'
import { freeName } from '../storage/config/free-name'
import { slugOf } from '../storage/config/slug'
import type { ApiDependencies } from './dependencies'
import { readForeignChannels, reasonOf, type ForeignChannel } from './foreign-channels'
import { withoutSecrets } from './secret-headers'
import { withoutCredential } from './shown-channel'

type Account = Findings['accounts'][number]

/** Of one preview; a list that is longer is nobody's own. */
const MAX_CANDIDATES = 200
const MAX_NOT_CARRIED = 1000
/** Of each list and text that a refused one is shown with. */
const MAX_SHOWN = 1000
const MAX_TEXT = 200

/** An account with the channel that it would become. */
export interface Candidate {
  readonly view: ImportCandidate
  /** Holds the secrets; null when it can't be added. */
  readonly input: ChannelInput | null
  /** Why it can't be added; none when it can. */
  readonly problems: readonly Problem[]
}

/** What can be shown and picked at once; the rest is told. */
export function bounded(findings: Findings): Findings {
  const { accounts, notCarried } = findings
  const over = accounts[MAX_CANDIDATES]
  const rest: Findings['notCarried'] =
    over === undefined
      ? []
      : [
          {
            source: over.source,
            from: over.from,
            what: phrase('more_accounts', { n: String(accounts.length - MAX_CANDIDATES) }),
            why: phrase('only_shown', { n: String(MAX_CANDIDATES) })
          }
        ]
  const told = [...rest, ...notCarried.slice(0, MAX_NOT_CARRIED)]
  return { ...findings, accounts: accounts.slice(0, MAX_CANDIDATES), notCarried: told.map(cut) }
}

const cut = ({ what, why, ...one }: Findings['notCarried'][number]): Findings['notCarried'][number] => ({
  ...one,
  what: typeof what === 'string' ? what.slice(0, MAX_TEXT) : cutPhrase(what, MAX_TEXT),
  why: cutPhrase(why, MAX_TEXT)
})

/** A name that a channel may have, of whatever the account is called. */
function plainName({ baseUrl, name, source }: Account): string {
  const words = [name, nameOfHost(baseUrl), source].map((text) => text.replaceAll(/\p{Cc}+/gu, ' ').trim())
  return words.find((text) => text !== '') ?? source
}

/** Each with the first name of its own that no channel and none before it has. */
function namesOf(accounts: readonly Account[], taken: ReadonlySet<string>): readonly string[] {
  const all = new Set(taken)
  return accounts.map((account) => {
    const name = freeName(plainName(account), (slug) => all.has(slug))
    all.add(slugOf(name))
    return name
  })
}

type Twin = NonNullable<ImportCandidate['duplicateOf']>

const accountKey = (baseUrl: string, revision: string | null): string =>
  JSON.stringify([sameAddress(baseUrl), revision])

function viewOf(account: Account, key: string, twin: Twin | undefined, read: ForeignChannel): ImportCandidate {
  const { credential } = account
  const missing = read.missing.map((field) => phrase('value_missing', { field }))
  const notes = [...account.notes, ...missing].map((note) => cutPhrase(note, MAX_TEXT))
  const map = Object.entries(account.modelMap).slice(0, MAX_SHOWN)
  return {
    key,
    ...{ source: account.source, from: account.from, place: account.place.slice(0, MAX_TEXT), name: read.name },
    protocol: account.protocol,
    baseUrl: read.input?.baseUrl ?? withoutCredential(account.baseUrl).slice(0, MAX_SHOWN),
    // Of a short one the last four characters would be too much of it.
    credential: credential && {
      last4: credential.value.length < 12 ? null : credential.value.slice(-4),
      variable: credential.variable
    },
    models: account.models.slice(0, MAX_SHOWN).map((name) => name.slice(0, MAX_TEXT)),
    modelMap: Object.fromEntries(map.map(([asked, sent]) => [asked.slice(0, MAX_TEXT), sent.slice(0, MAX_TEXT)])),
    ...{ priority: account.priority, weight: account.weight, enabled: account.enabled },
    headers: withoutSecrets(account.headers),
    headerVariables: { ...account.headerVariables },
    duplicateOf: twin ?? null,
    ...{ problem: reasonOf(read), problems: [...read.problems] },
    ...{ notes: notes.map(inEnglish), notePhrases: notes }
  }
}

/**
 * The channels that accounts of other programs would become, judged as things are now: each with a free name, with what it
 * would be the second of, and refused for what any channel would be refused for.
 */
export function readCandidates(
  { config, gateway }: Pick<ApiDependencies, 'config' | 'gateway'>,
  { accounts }: Findings
): readonly Candidate[] {
  const here = config.channels().filter(({ managedBy }) => managedBy !== 'built-in')
  const names = namesOf(accounts, new Set(here.map(({ slug }) => slug)))
  const values = accounts.map(({ credential, ...account }, index) => ({
    name: names[index],
    ...{ protocol: account.protocol, baseUrl: account.baseUrl, models: account.models, modelMap: account.modelMap },
    ...{ prices: account.prices, priceMultiplier: account.priceMultiplier },
    ...{ priority: account.priority, weight: account.weight, enabled: account.enabled, headers: account.headers },
    ...(credential !== null && { apiKey: credential.value })
  }))
  const twins = new Map<string, Twin>(
    here.map(({ baseUrl, credentialRevision: revision, id, name }) => [
      accountKey(baseUrl, revision),
      { kind: 'channel', id, name }
    ])
  )
  return readForeignChannels({ config, gateway }, values).flatMap((read, index) => {
    const account = accounts[index]
    if (account === undefined) return []
    const key = String(index)
    const same = accountKey(account.baseUrl, credentialRevision(account.credential?.value ?? null))
    const twin = twins.get(same)
    if (twin === undefined && read.input !== null) twins.set(same, { kind: 'candidate', key, name: read.name })
    return [{ view: viewOf(account, key, twin, read), input: read.input, problems: read.problems }]
  })
}
