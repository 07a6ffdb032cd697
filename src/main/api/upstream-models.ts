import type { Channel } from '../../shared/channel'
import type { ProtocolId } from '../../shared/protocol'
import { phrase, type Phrase } from '../../shared/phrase'
import { inEnglish } from '../../shared/phrase-in-english'
import { isList, memberOf, parseJson, textIn } from '../protocols/foreign-json'
import type { Headers } from '../protocols/protocol'
import { protocols } from '../protocols/registry'
import { hostUrl, versionedUrl } from '../protocols/upstream-url'
import { credentialHeaders } from '../proxy/credential-headers'
import { upstreamHeaders } from '../proxy/forward-headers'
import { viaTo } from '../proxy/via'
import { askUpstream } from './ask-upstream'
import type { ApiDependencies } from './dependencies'
import type { KeyedChannel } from './keyed-channel'

/** A client waits for it, and a list that is missing does little harm. */
const LIMITS = { connectMs: 3000, totalMs: 5000, maxBytes: 4 * 1024 * 1024 }
const MAX_NAMES = 2000

/** One page, as long as the vendor gives it. */
const QUERY: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'limit=1000',
  'openai-chat': '',
  'openai-responses': '',
  gemini: 'pageSize=1000'
}

const LONGEST_NAME = 200

/** `id` in OpenAI's and Anthropic's lists, `name` in Gemini's; null for an entry that is none of a model. */
function nameOf(entry: unknown): string | null {
  const name = typeof entry === 'string' ? entry : (textIn(entry, 'id') ?? textIn(entry, 'name'))
  const plain = name?.replace(/^models\//, '') ?? ''
  return plain === '' || plain.length > LONGEST_NAME ? null : plain
}

/** The names of a list in OpenAI's or Anthropic's shape, in Gemini's, or bare, once each; what can't be read is passed over. */
function readNames(body: Buffer): readonly string[] | null {
  const json = parseJson(body.toString('utf8'))
  const lists = [json, memberOf(json, 'data'), memberOf(json, 'models')].filter(isList)
  const entries = lists.flat()
  const names = entries.map(nameOf).filter((name) => name !== null)
  const isNone = lists.length === 0 || (names.length === 0 && entries.length > 0)
  return isNone ? null : [...new Set(names)]
}

const whyNone = (status: number): Phrase =>
  status === 200 ? phrase('models_not_a_list') : phrase('models_status', { code: String(status) })

/** What came of asking for a list of models. */
export type ListedModels = { readonly kind: 'listed'; readonly names: readonly string[] } | NoList

/** Why there is none; `phrase`: the same for a page. */
interface NoList {
  readonly kind: 'none'
  readonly why: string
  readonly phrase: Phrase
}

const noList = (reason: Phrase, why = inEnglish(reason)): NoList => ({ kind: 'none', why, phrase: reason })

/** B41. */
export const LOOP_NO_LIST: ListedModels = noList(phrase('models_of_routex'))

/** Where a channel's list is: at its own place (quirk `modelsPath`), else at its protocol's; null where it has none. */
function listUrl({ baseUrl, protocol, quirks }: Channel): URL | null {
  if (quirks.modelsPath === null) return null
  if (quirks.modelsPath !== undefined) return hostUrl(baseUrl, quirks.modelsPath)
  const url = versionedUrl(baseUrl, protocols[protocol].version, 'models')
  url.search = [url.search.slice(1), QUERY[protocol]].filter((part) => part !== '').join('&')
  return url
}

/**
 * The models that a channel's upstream lists. Never rejects, and takes 5 s at most. `client`: the headers of the request
 * that asks for them, where there is one (B41).
 */
export async function listUpstreamModels(
  dependencies: Pick<ApiDependencies, 'transport' | 'instance' | 'clock' | 'logger'>,
  { channel, credential }: KeyedChannel,
  client: Headers = {}
): Promise<ListedModels> {
  const url = listUrl(channel)
  if (url === null) return noList(phrase('models_not_offered'))
  const protocol = protocols[channel.protocol]
  const headers = upstreamHeaders({
    client: channel.protocol === 'anthropic' ? { 'anthropic-version': '2023-06-01' } : {},
    channel,
    credential: credential === undefined ? {} : credentialHeaders(channel, protocol, credential),
    hasBody: false,
    stream: false,
    via: viaTo(url, client, dependencies.instance)
  })
  const answer = await askUpstream(dependencies, { method: 'GET', url, headers, body: null }, LIMITS)
  const names = answer.kind === 'answer' && answer.status === 200 ? readNames(answer.body) : null
  if (names !== null) return { kind: 'listed', names: names.slice(0, MAX_NAMES) }
  const none =
    answer.kind === 'failed'
      ? noList(phrase('models_unreached', { code: answer.error.code }), answer.error.message)
      : noList(whyNone(answer.status))
  dependencies.logger.debug('a channel gave no list of models', { channel: channel.name, why: none.why })
  return none
}
