import { z } from 'zod'

/**
 * What the main process tells people of what is brought in or put back: each phrase by a stable code, with the names of its
 * values. Its words in each language stand in messages/<locale>/phrases.json; the API tells it in English too
 * (phrase-in-english.ts), the page in its own language (renderer/lib/phrase-text.ts).
 */
export const PHRASES = {
  login: [],
  latest_changes: [],
  routing_rules: ['n'],
  row: ['table', 'number'],
  more_accounts: ['n'],
  price_at: ['place'],
  transformer: ['provider', 'transformer'],
  transformer_for: ['provider', 'transformer', 'model'],
  transformer_options: ['provider', 'transformer'],
  transformer_options_for: ['provider', 'transformer', 'model'],
  login_never: [],
  login_of_organization: [],
  login_of_claude: [],
  login_of_chatgpt: [],
  login_of_google: [],
  login_of_vendor: [],
  login_of: ['name'],
  login_or_protocol: ['name'],
  login_of_cloud: ['program'],
  login_left: [],
  key_program: [],
  token_counts: [],
  own_proxy: [],
  claude_setting: [],
  no_channel_says: [],
  no_name: [],
  no_name_or_type: [],
  no_address: [],
  no_field: ['field'],
  no_model_name: [],
  no_address_or_key: [],
  not_a_table: [],
  not_an_object: [],
  not_a_row: ['program'],
  wire_api_unknown: [],
  protocol_unknown: [],
  protocol_unknown_of: ['name'],
  key_other: ['provider'],
  key_without_address: ['provider'],
  profile: [],
  program_unknown: [],
  provider_unknown: [],
  provider_unclear: [],
  insert_without_columns: [],
  insert_not_plain: [],
  rules_left: [],
  own_programs: [],
  own_router: [],
  own_keys: [],
  own_address: [],
  own_environment: [],
  whole_timeout: [],
  requests_unchanged: [],
  route_without_provider: [],
  route_by_thinking: [],
  route_by_length: [],
  route_by_tools: [],
  route_by_content: [],
  failover_itself: [],
  budget_days: [],
  own_budget: [],
  further_addresses: [],
  model_of_client: [],
  next_instead: [],
  alias: [],
  strategy: [],
  database_left: [],
  no_minute_limits: [],
  price_form: [],
  operation_unknown: [],
  address_in_unset_variable: [],
  pattern_renames: [],
  name_of_other_model: [],
  price_differs: [],
  in_second_file: [],
  only_shown: ['n'],
  key_as_bearer: [],
  no_key_but_login: [],
  no_key: [],
  codex_login: [],
  key_sealed: [],
  key_variable_unset: ['variable'],
  header_variable_unset: ['header', 'variable'],
  address_variable_unset: ['variable'],
  model_variable_unset: ['model', 'variable'],
  key_in_file: [],
  header_in_file: ['header'],
  address_in_file: [],
  model_in_file: ['model'],
  key_variable_kept: ['variable'],
  header_variable_kept: ['header', 'variable'],
  value_missing: ['field'],
  price: ['model', 'input', 'output'],
  price_cache_read: ['model', 'usd'],
  price_cache_write: ['model', 'usd'],
  price_cache_write_1h: ['model', 'usd'],
  price_reasoning: ['model', 'usd'],
  price_multiplier: ['multiplier'],
  price_long: ['model', 'start', 'input', 'output'],
  file_too_deep: [],
  file_not_text: [],
  file_not_utf8: [],
  file_too_long: ['size'],
  file_not_json: ['line', 'error'],
  file_not_toml: [],
  file_not_toml_at: ['line'],
  file_not_yaml: ['line', 'error'],
  file_yaml_aliases: [],
  file_forbidden: [],
  file_is_folder: [],
  file_link_loop: [],
  file_not_plain: [],
  file_unreadable: ['code'],
  file_missing: [],
  file_is_database: ['program'],
  file_is_database_not: ['file'],
  file_not_settings: ['program'],
  file_not_codex_auth: [],
  file_not_opencode: [],
  file_not_sql_export: [],
  file_not_database_of: ['program'],
  file_not_original_export: [],
  file_not_original_database: [],
  file_without_table: ['table'],
  file_config_empty: [],
  file_without_providers: [],
  database_damaged: [],
  database_unreadable: [],
  database_too_large: ['size'],
  database_busy: [],
  restore_unreadable: [],
  restore_in_config_file: [],
  restore_sealed: [],
  models_not_a_list: [],
  models_status: ['code'],
  models_of_routex: [],
  models_not_offered: [],
  models_unreached: ['code']
} as const satisfies Readonly<Record<string, readonly string[]>>
export type PhraseCode = keyof typeof PHRASES
type ValueNames<C extends PhraseCode> = (typeof PHRASES)[C][number]
export type PhraseValueName = ValueNames<PhraseCode>

const isPhraseCode = (code: string): code is PhraseCode => Object.hasOwn(PHRASES, code)

/** A phrase as it crosses the API. */
export const phraseSchema = z.object({
  code: z.enum(Object.keys(PHRASES).filter(isPhraseCode)),
  values: z.record(z.string(), z.string())
})
export interface Phrase {
  readonly code: PhraseCode
  /** Names of things, numbers with their units; never a secret. */
  readonly values: Readonly<Record<string, string>>
}

type PlainCode = { [C in PhraseCode]: (typeof PHRASES)[C] extends readonly [] ? C : never }[PhraseCode]

/** A phrase with all that it names. */
export function phrase(code: PlainCode): Phrase
export function phrase<C extends PhraseCode>(code: C, values: Readonly<Record<ValueNames<C>, string>>): Phrase
export function phrase(code: PhraseCode, values: Readonly<Record<string, string>> = {}): Phrase {
  return { code, values }
}

/** The phrase with each of its values at most so many characters long. */
export const cutPhrase = ({ code, values }: Phrase, most: number): Phrase => ({
  code,
  values: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value.slice(0, most)]))
})
