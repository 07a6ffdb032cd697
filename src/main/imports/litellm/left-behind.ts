import { phrase, type Phrase } from '../../../shared/phrase'
import type { NotCarried } from '../importer'
import type { Deployment } from './deployment'
import { PRICE_KEYS } from './prices'

const FAILOVER = phrase('failover_itself')
const OWN_KEYS = phrase('own_keys')
const BUDGET = phrase('budget_days')
const TIMEOUT = phrase('whole_timeout')
const RETRIES = phrase('next_instead')

/** Why, for what many set; the rest is what no channel can say. */
const WHY: Readonly<Record<string, Phrase>> = {
  'router_settings.fallbacks': FAILOVER,
  'router_settings.default_fallbacks': FAILOVER,
  'router_settings.num_retries': RETRIES,
  'router_settings.timeout': TIMEOUT,
  'router_settings.model_group_alias': phrase('alias'),
  'router_settings.routing_strategy': phrase('strategy'),
  'litellm_settings.fallbacks': FAILOVER,
  'litellm_settings.default_fallbacks': FAILOVER,
  'litellm_settings.num_retries': RETRIES,
  'litellm_settings.request_timeout': TIMEOUT,
  'litellm_settings.context_window_fallbacks': phrase('route_by_length'),
  'litellm_settings.max_budget': BUDGET,
  'litellm_settings.budget_duration': BUDGET,
  'general_settings.master_key': OWN_KEYS,
  'general_settings.database_url': phrase('database_left'),
  environment_variables: phrase('own_environment')
}
const NOTHING = phrase('no_channel_says')

const ENTRY_WHY: Readonly<Record<string, Phrase>> = {
  max_budget: BUDGET,
  budget_duration: BUDGET,
  timeout: TIMEOUT,
  stream_timeout: TIMEOUT,
  num_retries: RETRIES,
  max_retries: RETRIES,
  rpm: phrase('no_minute_limits'),
  tpm: phrase('no_minute_limits')
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

const whyOfPrice = (key: string): Phrase => (/cost|price/.test(key) ? phrase('price_form') : NOTHING)

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
