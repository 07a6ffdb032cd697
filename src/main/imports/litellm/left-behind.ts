import type { NotCarried } from '../importer'
import type { Deployment } from './deployment'
import { PRICE_KEYS } from './prices'

const FAILOVER = 'channels that have the model follow one another by themselves'
const OWN_KEYS = 'clients of Routex have keys of their own'
const BUDGET = 'its days begin otherwise: set a budget of the channel or the client key'
const TIMEOUT = 'it counts for the whole request, and a channel’s for its parts: set the timeouts of the channel'
const RETRIES = 'Routex tries the next channel instead'

/** Why, for what many set; the rest is what no channel can say. */
const WHY: Readonly<Record<string, string>> = {
  'router_settings.fallbacks': FAILOVER,
  'router_settings.default_fallbacks': FAILOVER,
  'router_settings.num_retries': RETRIES,
  'router_settings.timeout': TIMEOUT,
  'router_settings.model_group_alias': 'add the name to modelMap of its channel',
  'router_settings.routing_strategy': 'choose the strategy in the settings',
  'litellm_settings.fallbacks': FAILOVER,
  'litellm_settings.default_fallbacks': FAILOVER,
  'litellm_settings.num_retries': RETRIES,
  'litellm_settings.request_timeout': TIMEOUT,
  'litellm_settings.context_window_fallbacks': 'it goes by the length of a request: make a routing rule',
  'litellm_settings.max_budget': BUDGET,
  'litellm_settings.budget_duration': BUDGET,
  'general_settings.master_key': OWN_KEYS,
  'general_settings.database_url': 'keys and budgets in its database are not read',
  environment_variables: 'Routex takes variables from its own environment alone'
}
const NOTHING = 'no channel can say it'

const ENTRY_WHY: Readonly<Record<string, string>> = {
  max_budget: BUDGET,
  budget_duration: BUDGET,
  timeout: TIMEOUT,
  stream_timeout: TIMEOUT,
  num_retries: RETRIES,
  max_retries: RETRIES,
  rpm: 'Routex has no limits by the minute',
  tpm: 'Routex has no limits by the minute'
}

const isSaid = (value: unknown): boolean => value !== undefined && value !== null

/** What accounts and their models are made of. */
const TAKEN: ReadonlySet<string> = new Set([
  ...['model', 'custom_llm_provider', 'api_key', 'api_base', 'base_url', 'litellm_credential_name', 'weight', 'order'],
  'extra_headers'
])

/** What of an entry no channel says. `isPriced`: its prices are taken. */
export function leftOfEntry(
  { litellm_params: said, model_info, model_name }: Deployment,
  isPriced: boolean,
  place: string,
  from: string
): readonly NotCarried[] {
  const ofParams = Object.keys(said).filter((key) => !TAKEN.has(key) && isSaid(said[key]))
  // The rest of it only describes the model.
  const ofInfo = PRICE_KEYS.filter((key) => isSaid(model_info?.[key]) && !isSaid(said[key]))
  return [...ofParams, ...ofInfo]
    .filter((key) => !(isPriced && PRICE_KEYS.some((one) => one === key)))
    .map((key) => ({ from, what: `${place}: ${model_name}: ${key}`, why: ENTRY_WHY[key] ?? whyOfPrice(key) }))
}

const whyOfPrice = (key: string): string =>
  /cost|price/.test(key) ? 'a channel’s own price takes no such one: enter its prices' : NOTHING

const SECTIONS = ['router_settings', 'litellm_settings', 'general_settings'] as const
/** Read, or anchors that others refer to. */
const isRead = (key: string): boolean => ['model_list', 'credential_list'].includes(key) || key.startsWith('x-')

/** What of the rest of a file no channel says: names alone, since any of the values may be a secret. */
export function leftOfRest(config: Readonly<Record<string, unknown>>, from: string): readonly NotCarried[] {
  const names = Object.entries(config).flatMap(([key, value]) => {
    if (isRead(key) || !isSaid(value)) return []
    if (!SECTIONS.some((section) => section === key) || typeof value !== 'object' || value === null) return [key]
    return Object.entries(value).flatMap(([name, one]) => (isSaid(one) ? [`${key}.${name}`] : []))
  })
  return names.map((what) => ({ from, what, why: WHY[what] ?? NOTHING }))
}
