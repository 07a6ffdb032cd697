import { existsSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ccSwitch } from '.'
import { phrase } from '../../../shared/phrase'
import { accountsOf, lostOf, readFixtures } from '../../../../test/support/import-fixtures'
import type { Reading, SourceDatabase } from '../importer'

const ACCOUNTS = [
  "Zhipu's GLM: anthropic https://open.bigmodel.cn/api/anthropic fixture-zhipu-0051",
  'Spoken to in Chat: openai-chat https://chat.example/v1 fixture-chat-0052',
  'Codex relay: openai-responses https://relay.example/v1 sk-fixture-codex-0053',
  'Gemini: gemini https://relay.example/gemini AIza-fixture-0056',
  'OpenCode relay: openai-chat https://relay.example/v1 fixture-opencode-0057',
  'Claw: openai-chat https://claw.example/v1 fixture-claw-0058',
  'Hermes: anthropic https://hermes.example fixture-hermes-0059'
]
const LOST = [
  'Claude Official (claude): it is a login of the vendor, which is never taken',
  'Copilot: a login is never taken',
  'ChatGPT: a login with a ChatGPT subscription is never taken',
  expect.stringMatching(/^Broken: config\.toml: it is no TOML/) as string,
  'Of tomorrow: Routex does not know the program that it is for',
  'Bad JSON (claude): it has neither address nor key'
]

test.each(['cc-switch/cc-switch.db.sql', 'cc-switch/export.sql'])(
  '%s: each provider is an account in the protocol of its program; those in use are on',
  async (name) => {
    const reading = await readFixtures(ccSwitch, [name])

    expect(accountsOf(reading)).toEqual(ACCOUNTS)
    expect(lostOf(reading)).toEqual(LOST)
    expect(reading.accounts.map(({ enabled, priority }) => [enabled, priority])).toEqual([
      [true, 50],
      [true, 60],
      [true, 50],
      [false, 60],
      [false, 60],
      [false, 60],
      [false, 60]
    ])
    expect(reading.accounts[0]).toMatchObject({ modelMap: { 'claude-*': 'glm-4.7' }, place: 'claude: c-relay' })
  }
)

test('an older database has fewer columns', async () => {
  const reading = await readFixtures(ccSwitch, ['cc-switch/cc-switch-old.db.sql'])

  expect(accountsOf(reading)).toEqual([ACCOUNTS[0], ACCOUNTS[2]])
})

test('an export with many rows in a statement', async () => {
  expect(accountsOf(await readFixtures(ccSwitch, ['cc-switch/export-many-rows.sql']))).toEqual(ACCOUNTS.slice(0, 2))
})

test('of an export with odd content only plain rows are read, and nothing of it is run', async () => {
  const reading = await readFixtures(ccSwitch, ['cc-switch/export-odd.sql'])

  expect(accountsOf(reading)).toEqual(['Semicolon; -- and /* more: anthropic https://odd.example fixture-odd-0061'])
  expect(lostOf(reading)).toEqual([
    'providers, row 2: it is no row of cc-switch',
    'INSERT INTO providers (4): they hold something else than plain values'
  ])
  expect(existsSync('/tmp/routex-must-not-exist.db')).toBe(false)
})

const rowsOf = (settings: readonly unknown[]): SourceDatabase => ({
  rows: () =>
    settings.map((one, index) => ({
      ...{ id: String(index), app_type: 'codex', name: `Row ${index}`, settings_config: JSON.stringify(one) }
    }))
})
const readCodexRow = (config: string, key = 'sk-fixture-pack-0062'): Reading => {
  const shell = { OPENAI_API_KEY: 'sk-of-the-shell', OPENAI_BASE_URL: 'https://shell.example' }
  const database = rowsOf([{ auth: { OPENAI_API_KEY: key }, config }])
  return ccSwitch.read([{ kind: 'database', path: 'x', database }], { references: shell, addresses: shell, shell })
}
const PACK = '[model_providers.pk]\nname = "pk"\nbase_url = "https://pk.example/v1"\n'

test.each([
  ['without requires_openai_auth', `model_provider = "pk"\n${PACK}wire_api = "responses"`, 'openai-responses'],
  ['with requires_openai_auth', `model_provider = "pk"\n${PACK}requires_openai_auth = true`, 'openai-responses'],
  ['over Chat', `model_provider = "pk"\n${PACK}wire_api = "chat"`, 'openai-chat'],
  [
    'beside another',
    `model_provider = "pk"\n${PACK}[model_providers.it]\nbase_url = "https://it.example"\nrequires_openai_auth = true`,
    'openai-responses'
  ]
])('the key of a Codex provider %s goes to the base_url of its own, and to nobody else', (_, config, protocol) => {
  const accounts = accountsOf(readCodexRow(config))

  expect(accounts[0]).toBe(`Row 0: ${protocol} https://pk.example/v1 sk-fixture-pack-0062`)
  expect(accounts.slice(1).filter((one) => one.includes('sk-'))).toEqual([])
})

test.each([
  ['has no base_url', 'model_provider = "pk"\n[model_providers.pk]\nname = "pk"'],
  ['is not there', 'model_provider = "pk"'],
  ['speaks what Routex does not', `model_provider = "pk"\n${PACK}wire_api = "smoke"`]
])('the key of a Codex provider that %s is given to no other vendor, and that is said', (_, config) => {
  const reading = readCodexRow(config)

  expect(reading.accounts).toEqual([])
  expect(lostOf(reading)).toContain(
    'Row 0: OPENAI_API_KEY: it is the key of the provider pk, whose address is not known here: no other vendor gets it'
  )
})

test('the key of a Codex row without a provider of its own is OpenAI’s, wherever that is', () => {
  expect(accountsOf(readCodexRow(''))).toEqual([
    'Row 0: openai-responses https://api.openai.com/v1 sk-fixture-pack-0062'
  ])
  expect(accountsOf(readCodexRow('openai_base_url = "https://eu.api.openai.com/v1"'))).toEqual([
    'Row 0: openai-responses https://eu.api.openai.com/v1 sk-fixture-pack-0062'
  ])
  expect(readCodexRow('', '').accounts).toEqual([])
})

const INSERTS = `INSERT INTO "providers" VALUES('r','claude','Relay','{"env":{"ANTHROPIC_BASE_URL":"https://relay.example",
"ANTHROPIC_AUTH_TOKEN":"fixture-relay-0063"}}',NULL,1);`
const readDump = (text: string): Reading =>
  ccSwitch.read([{ kind: 'text', path: 'x', text }], { references: {}, addresses: {}, shell: {} })

test('a dump whose INSERTs name no columns has them in the order of its CREATE TABLE', () => {
  const columns =
    'id TEXT NOT NULL, app_type TEXT NOT NULL, name TEXT, settings_config TEXT, category TEXT, is_current BOOLEAN'
  const reading = readDump(
    `BEGIN;\nCREATE TABLE providers (${columns}, PRIMARY KEY (id, app_type));\n${INSERTS}COMMIT;`
  )

  expect(accountsOf(reading)).toEqual(['Relay: anthropic https://relay.example fixture-relay-0063'])
  expect(reading.accounts).toMatchObject([{ enabled: true }])
  expect(lostOf(reading)).toEqual([])
})

test('a dump without CREATE TABLE whose INSERTs name no columns brings nothing, and says so', () => {
  const reading = readDump(`-- CC Switch SQLite export\n${INSERTS}`)

  expect(reading.accounts).toEqual([])
  expect(lostOf(reading)).toEqual([
    'INSERT INTO providers (1): they name no columns, and no CREATE TABLE before them does: export it anew'
  ])
})

const TERMS = `CREATE TABLE providers (id, app_type, name, settings_config, meta, cost_multiplier, limit_daily_usd, limit_monthly_usd);
CREATE TABLE provider_endpoints (id, provider_id, app_type, url);
INSERT INTO providers VALUES('a','gemini','Columns','{"env":{"GEMINI_API_KEY":"fixture-0064","GOOGLE_GEMINI_BASE_URL":
"https://a.example","GEMINI_MODEL":"gemini-3"}}','{}','0.7','5','100');
INSERT INTO providers VALUES('b','claude','Meta','{"env":{"ANTHROPIC_BASE_URL":"https://b.example","ANTHROPIC_API_KEY":"fixture-0065"}}',
'{"costMultiplier":"1.5","limitDailyUsd":"2","limitMonthlyUsd":"","custom_endpoints":{"https://b.example/":{},"https://c.example":{}}}',
NULL,NULL,NULL);
INSERT INTO provider_endpoints VALUES(1,'a','gemini','https://a2.example');
INSERT INTO provider_endpoints VALUES(2,'a','gemini','https://a.example');
INSERT INTO provider_endpoints VALUES(3,'a','claude','https://other.example');`

test('a cost multiplier comes along; limits, further addresses and the model of Gemini CLI are told', () => {
  const reading = readDump(TERMS)

  expect(reading.accounts.map(({ name, notes, priceMultiplier }) => [name, priceMultiplier, notes])).toEqual([
    ['Columns', 0.7, [phrase('price_multiplier', { multiplier: '0.7' })]],
    ['Meta', 1.5, [phrase('price_multiplier', { multiplier: '1.5' })]]
  ])
  expect(lostOf(reading)).toEqual([
    'Columns: GEMINI_MODEL: which model is asked for is the client’s own setting',
    'Columns: limit_daily_usd: set a budget of the channel',
    'Columns: limit_monthly_usd: set a budget of the channel',
    'Columns: provider_endpoints (1): a channel has one address: add a channel for each of the others',
    'Meta: limit_daily_usd: set a budget of the channel',
    'Meta: provider_endpoints (1): a channel has one address: add a channel for each of the others'
  ])
})
