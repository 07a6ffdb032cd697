import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { phrase } from '../../../shared/phrase'
import type { ModelPrice } from '../../../shared/prices'
import { nameOfHost } from '../base-urls'
import {
  foundAccount,
  joinReadings,
  type Environment,
  type FoundAccount,
  type NotCarried,
  type Reading,
  type SourceFile,
  type Variables
} from '../importer'
import { parseYaml } from '../parse-text'
import { headersOf, LITELLM } from '../references'
import { UnreadableFile } from '../unreadable-file'
import { vendorAt } from '../vendors'
import { addressOf, deployment, keyOf, namedCredential, placeOf, type Deployment, type PlaceOrWhy } from './deployment'
import { leftOfEntry, leftOfRest } from './left-behind'
import { priceNotes, priceOf } from './prices'

const config = z.looseObject({
  model_list: z.array(z.unknown()),
  credential_list: z.array(z.unknown()).nullish().catch(undefined)
})

/** Operations that no channel serves. */
const OTHER_MODES: ReadonlySet<string> = new Set([
  'embedding',
  'image_generation',
  'audio_transcription',
  'audio_speech',
  'rerank',
  'moderation'
])

/** One entry: an account with one model. Those of one address and key become one channel. */
type Entry = FoundAccount & {
  readonly asked: string
  readonly sent: string
  readonly price: ModelPrice | null
  readonly left: readonly NotCarried[]
}

type Named = ReadonlyMap<string, Readonly<Record<string, unknown>>>

/** Where an entry is, or why no channel can serve it. */
function placeOfEntry(
  { litellm_params: said, model_info, model_name }: Deployment,
  addresses: Environment
): PlaceOrWhy {
  if (OTHER_MODES.has(model_info?.mode ?? '')) return { why: phrase('operation_unknown') }
  const address = addressOf(said, addresses)
  if (address === null) return { why: phrase('address_in_unset_variable') }
  const place = placeOf(said, address)
  const isRenaming = 'model' in place && place.model.includes('*') && ![place.model, '*'].includes(model_name)
  return isRenaming ? { why: phrase('pattern_renames') } : place
}

function readEntry(
  value: unknown,
  index: number,
  named: Named,
  { addresses, references }: Variables,
  from: string
): Entry | NotCarried {
  const what = `model_list[${index}]`
  const checked = deployment.safeParse(value)
  if (!checked.success) return { from, what, why: phrase('no_model_name') }
  const { litellm_params: said, model_name: asked } = checked.data
  const place = placeOfEntry(checked.data, addresses)
  if ('why' in place) return { from, what: `${what}: ${asked}`, why: place.why }
  const { baseUrl, model: sent, protocol, variable } = place
  const key = keyOf(said, named.get(said.litellm_credential_name ?? ''), variable, references)
  const headers = headersOf(said.extra_headers, LITELLM, references)
  const account = foundAccount({
    ...{ name: vendorAt(baseUrl)?.name ?? nameOfHost(baseUrl), protocol, baseUrl, from, place: what },
    ...{ ...key, priority: said.order ?? 50, weight: said.weight ?? 1 },
    ...{ ...headers, notes: [...key.notes, ...headers.notes] }
  })
  const price = priceOf(checked.data)
  const left = leftOfEntry(checked.data, price !== null, what, from)
  // `*` with `openai/gpt-*` serves what the right side says.
  return { ...account, asked: sent.includes('*') ? sent : asked, sent, price, left }
}

const isEntry = (read: Entry | NotCarried): read is Entry => 'asked' in read
const isLost = (read: Entry | NotCarried): read is NotCarried => !('asked' in read)

/** What two entries must agree in to be one channel. */
const groupOf = ({ baseUrl, credential, headers, priority, protocol, weight }: Entry): string =>
  JSON.stringify([protocol, baseUrl, credential, priority, weight, headers])

/** One channel of entries that agree; a name that stands there twice with two models keeps the first. */
function joined([first, ...more]: readonly [Entry, ...Entry[]]): Reading {
  const models = new Map<string, string>([[first.asked, first.sent]])
  const prices = new Map<string, ModelPrice>()
  const notCarried: NotCarried[] = []
  for (const { asked, from, left, place, price, sent } of [first, ...more]) {
    const had = models.get(asked)
    if (had === undefined) models.set(asked, sent)
    else if (had !== sent) {
      notCarried.push({ from, what: `${place}: ${asked}`, why: phrase('name_of_other_model') })
      continue
    }
    notCarried.push(...left)
    if (price === null) continue
    const other = prices.get(sent)
    if (other === undefined) prices.set(sent, price)
    else if (!isDeepStrictEqual(other, price))
      notCarried.push({
        from,
        what: phrase('price_at', { place: `${place}: ${asked}` }),
        why: phrase('price_differs')
      })
  }
  const { asked: _asked, left: _left, price: _price, sent: _sent, ...account } = first
  const modelMap = Object.fromEntries([...models].filter(([asked, sent]) => asked !== sent))
  const notes = [...account.notes, ...[...prices].flatMap(([model, price]) => priceNotes(model, price))]
  const one = { ...account, models: [...models.keys()], modelMap, prices: Object.fromEntries(prices), notes }
  return { accounts: [one], notCarried }
}

function grouped(entries: readonly Entry[]): Reading {
  const groups = new Map<string, [Entry, ...Entry[]]>()
  for (const entry of entries) {
    const key = groupOf(entry)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [entry])
    else group.push(entry)
  }
  return joinReadings([...groups.values()].map(joined))
}

function readFile(source: SourceFile, variables: Variables): Reading {
  if (source.kind !== 'text') throw new UnreadableFile(phrase('file_is_database_not', { file: 'config.yaml' }))
  const from = source.path
  const checked = config.safeParse(parseYaml(source.text))
  if (!checked.success) throw new UnreadableFile(phrase('no_field', { field: 'model_list' }))
  const { credential_list, model_list } = checked.data
  const named: Named = new Map(
    (credential_list ?? []).flatMap((value) => {
      const parsed = namedCredential.safeParse(value)
      return parsed.success ? [[parsed.data.credential_name, parsed.data.credential_values] as const] : []
    })
  )
  const read = model_list.map((value, index) => readEntry(value, index, named, variables, from))
  const lost = [...read.filter(isLost), ...leftOfRest(checked.data, from)]
  return joinReadings([grouped(read.filter(isEntry)), { accounts: [], notCarried: lost }])
}

/** LiteLLM's deployments: those of one address and key become one channel with their models. */
export const read = (files: readonly SourceFile[], variables: Variables): Reading =>
  joinReadings(files.map((source) => readFile(source, variables)))
