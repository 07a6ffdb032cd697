import type { Problem, ProblemRule } from '../../shared/problem'
import type { RuleCode } from '../../shared/rules'
import { m } from './messages'

/** Our own rules in the page's language. */
const own: Readonly<Record<RuleCode, () => string>> = {
  import_link: m.errors_rule_import_link,
  given_once: m.errors_rule_given_once,
  json_base64url: m.errors_rule_json_base64url,
  http_url: m.errors_rule_http_url,
  url_without_login: m.errors_rule_url_without_login,
  url_without_credential: m.errors_rule_url_without_credential,
  header_name: m.errors_rule_header_name,
  header_of_connection: m.errors_rule_header_of_connection,
  header_value: m.errors_rule_header_value,
  one_line_ascii: m.errors_rule_one_line_ascii,
  no_control_characters: m.errors_rule_no_control_characters,
  visible: m.errors_rule_visible,
  host: m.errors_rule_host,
  not_a_mask: m.errors_rule_not_a_mask,
  allowed_host: m.errors_rule_allowed_host,
  allowed_origin: m.errors_rule_allowed_origin,
  not_routex_itself: m.errors_rule_not_routex_itself,
  secret_again: m.errors_rule_secret_again,
  value_missing: m.errors_rule_value_missing,
  key_needed: m.errors_rule_key_needed,
  switch_needs_channel: m.errors_rule_switch_needs_channel,
  switch_without_then: m.errors_rule_switch_without_then,
  another_channel: m.errors_rule_another_channel,
  name_free: m.errors_rule_name_free,
  host_elsewhere: m.errors_rule_host_elsewhere,
  tiers_ascend: m.errors_rule_tiers_ascend,
  later_than_from: m.errors_rule_later_than_from
}

const isOwn = (code: string): code is RuleCode => Object.hasOwn(own, code)

/** The limits of a number in words; undefined where there are none. */
function limits(min: number | undefined, max: number | undefined): string | undefined {
  if (min !== undefined && max !== undefined) return m.errors_rule_from_to({ min: String(min), max: String(max) })
  if (min !== undefined) return m.errors_rule_from({ min: String(min) })
  return max === undefined ? undefined : m.errors_rule_to({ max: String(max) })
}

function ruleText(rule: ProblemRule): string | undefined {
  switch (rule.kind) {
    case 'own':
      return isOwn(rule.code) ? own[rule.code]() : undefined
    case 'one_of':
      return m.errors_rule_one_of({ values: rule.values.join(', ') })
    case 'whole_number':
    case 'number':
      return limits(rule.min, rule.max) ?? m.errors_rule_number()
    case 'text':
      return rule.max === undefined ? m.errors_rule_text() : m.errors_rule_text_to({ max: String(rule.max) })
    case 'list':
      return rule.max === undefined ? undefined : m.errors_rule_list_to({ max: String(rule.max) })
    case 'unknown':
      return m.errors_rule_unknown()
  }
}

/** What is allowed in the place of a problem, in the page's language; in the API's own words where the page knows no rule. */
export function problemText({ message, rule }: Problem): string {
  const words = rule === undefined ? undefined : ruleText(rule)
  return words ?? `${message.charAt(0).toUpperCase()}${message.slice(1)}`
}
