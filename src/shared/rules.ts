/**
 * What the schemas and the API ask of a value beside its shape, by a code that the page has its own words for. The text is
 * for the command line, the log and whoever calls the API.
 */
export const RULES = {
  import_link: 'must begin with routex://import?',
  given_once: 'must be given once',
  json_base64url: 'must be a JSON text as base64url',
  http_url: 'must be an http(s) URL',
  url_without_login: 'must not hold a user name or password: put the credential into apiKey',
  url_without_credential: 'must not hold a credential in its query: put the credential into apiKey',
  header_name: 'must be an HTTP header name',
  header_of_connection: 'must not be a header of the connection, which Routex sets itself',
  header_value: 'must be a header value without line breaks',
  one_line_ascii: 'must be one line of printable ASCII: copy it anew',
  not_a_mask: 'must be the value itself, not the mask that is shown in its place',
  no_control_characters: 'must not hold control characters',
  visible: 'must hold something that can be seen',
  host: 'must be an IP address or a host name of this machine, without port or brackets',
  allowed_host:
    'must be a host name or an IP address as a Host header has it (gateway.lan, 192.168.1.5, 2001:db8::1), without scheme, port, path, spaces or wildcards',
  allowed_origin:
    'must be a web origin with its scheme (https://app.example, http://192.168.1.5:3000), without path, spaces or wildcards',
  not_routex_itself: 'must not be the address of Routex itself: requests would go round in a loop',
  secret_again: "must be given again: the channel's address changed",
  value_missing: 'its value is not in the import: enter it anew',
  key_needed: 'must be true while others can reach the gateway',
  name_free: 'must not be too like the name of another channel',
  host_elsewhere: 'is no address of this machine; the default counts',
  switch_needs_channel: 'must name the channel to switch to',
  switch_without_then: 'must be left out: the budget stops ("then" is not "switch")',
  another_channel: 'must be the id or the name of another channel',
  tiers_ascend: 'must begin at ever longer prompts',
  later_than_from: 'must be later than from'
} as const
export type RuleCode = keyof typeof RULES

const codes = new Map<string, string>(Object.entries(RULES).map(([code, text]) => [text, code]))

/** The code of a rule, by its text; undefined for a text that is none of them. */
export const ruleCodeOf = (text: string): string | undefined => codes.get(text)
