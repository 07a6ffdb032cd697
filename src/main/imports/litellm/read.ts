import { z } from 'zod'
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
import { UnreadableFile } from '../unreadable-file'
import { vendorAt } from '../vendors'
import { addressOf, deployment, keyOf, namedCredential, placeOf, type Deployment, type PlaceOrWhy } from './deployment'

const config = z.looseObject({
  model_list: z.array(z.unknown()),
  credential_list: z.array(z.unknown()).nullish().catch(undefined),
  router_settings: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  litellm_settings: z.record(z.string(), z.unknown()).nullish().catch(undefined),
  general_settings: z.record(z.string(), z.unknown()).nullish().catch(undefined)
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

const REST = [
  ['router_settings', 'fallbacks', 'channels that have the model follow one another by themselves'],
  ['router_settings', 'model_group_alias', 'add the name to modelMap of its channel'],
  ['litellm_settings', 'fallbacks', 'channels that have the model follow one another by themselves'],
  ['litellm_settings', 'context_window_fallbacks', 'it goes by the length of a request: make a routing rule'],
  ['general_settings', 'master_key', 'clients of Routex have keys of their own']
] as const

/** One entry: an account with one model. Those of one address and key become one channel. */
type Entry = FoundAccount & { readonly asked: string; readonly sent: string }

type Named = ReadonlyMap<string, Readonly<Record<string, unknown>>>

/** Where an entry is, or why no channel can serve it. */
function placeOfEntry(
  { litellm_params: said, model_info, model_name }: Deployment,
  addresses: Environment
): PlaceOrWhy {
  if (OTHER_MODES.has(model_info?.mode ?? '')) return { why: 'Routex does not serve this operation' }
  const address = addressOf(said, addresses)
  if (address === null) return { why: 'its address is in an environment variable that Routex does not have' }
  const place = placeOf(said, address)
  const isRenaming = 'model' in place && place.model.includes('*') && ![place.model, '*'].includes(model_name)
  return isRenaming ? { why: 'a pattern that changes the name can not be carried' } : place
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
  if (!checked.success) return { from, what, why: 'it has no model_name or no litellm_params.model' }
  const { litellm_params: said, model_name: asked } = checked.data
  const place = placeOfEntry(checked.data, addresses)
  if ('why' in place) return { from, what: `${what}: ${asked}`, why: place.why }
  const { baseUrl, model: sent, protocol, variable } = place
  const account = foundAccount({
    ...{ name: vendorAt(baseUrl)?.name ?? nameOfHost(baseUrl), protocol, baseUrl, from, place: what },
    ...keyOf(said, named.get(said.litellm_credential_name ?? ''), variable, references),
    priority: said.order ?? 50,
    weight: said.weight ?? 1,
    headers: said.extra_headers
  })
  // `*` with `openai/gpt-*` serves what the right side says.
  return { ...account, asked: sent.includes('*') ? sent : asked, sent }
}

const isEntry = (read: Entry | NotCarried): read is Entry => 'asked' in read
const isLost = (read: Entry | NotCarried): read is NotCarried => !('asked' in read)

/** What two entries must agree in to be one channel. */
const groupOf = ({ baseUrl, credential, headers, priority, protocol, weight }: Entry): string =>
  JSON.stringify([protocol, baseUrl, credential, priority, weight, headers])

/** One channel of entries that agree; a name that stands there twice with two models keeps the first. */
function joined([first, ...more]: readonly [Entry, ...Entry[]]): Reading {
  const models = new Map<string, string>([[first.asked, first.sent]])
  const notCarried: NotCarried[] = []
  for (const { asked, from, place, sent } of more) {
    const had = models.get(asked)
    if (had === undefined) models.set(asked, sent)
    else if (had !== sent)
      notCarried.push({ from, what: `${place}: ${asked}`, why: 'the same account has this name for another model' })
  }
  const { asked: _asked, sent: _sent, ...account } = first
  const modelMap = Object.fromEntries([...models].filter(([asked, sent]) => asked !== sent))
  return { accounts: [{ ...account, models: [...models.keys()], modelMap }], notCarried }
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
  if (source.kind !== 'text') throw new UnreadableFile('it is a database, which is no config.yaml')
  const from = source.path
  const checked = config.safeParse(parseYaml(source.text))
  if (!checked.success) throw new UnreadableFile('it has no model_list')
  const { credential_list, model_list, ...rest } = checked.data
  const named: Named = new Map(
    (credential_list ?? []).flatMap((value) => {
      const parsed = namedCredential.safeParse(value)
      return parsed.success ? [[parsed.data.credential_name, parsed.data.credential_values] as const] : []
    })
  )
  const read = model_list.map((value, index) => readEntry(value, index, named, variables, from))
  const lost = REST.flatMap(([section, name, why]) => {
    const value = rest[section]?.[name]
    return value === undefined || value === null ? [] : [{ from, what: `${section}.${name}`, why }]
  })
  return joinReadings([grouped(read.filter(isEntry)), { accounts: [], notCarried: [...read.filter(isLost), ...lost] }])
}

/** LiteLLM's deployments: those of one address and key become one channel with their models. */
export const read = (files: readonly SourceFile[], variables: Variables): Reading =>
  joinReadings(files.map((source) => readFile(source, variables)))
