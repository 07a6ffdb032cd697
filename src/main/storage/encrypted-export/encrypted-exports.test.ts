import Database from 'better-sqlite3'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { files, openBackups } from '../../../../test/support/open-backups'
import { cheapPassphraseBox, file, input } from '../../../../test/support/open-config'
import { sha256Of } from '../config/client-key-table'

const PASSPHRASE = 'correct horse battery staple'

async function filled() {
  const opened = await openBackups()
  const { store } = opened
  await store.createChannel(input({ name: 'Main', headers: { 'x-auth': 'header-secret' }, models: ['claude-*'] }))
  const { id } = await store.createChannel(input({ name: 'Keyless', apiKey: undefined }))
  const { secret } = await store.createClientKey({ name: 'Laptop', allowedChannels: [id], budget: null })
  await store.updateSettings({ strategy: 'weighted', port: 9000, onlyChannel: id })
  return { ...opened, exports: store.exports, secret }
}

test('a configuration is the same on another machine, secrets and ids included', async () => {
  const from = await filled()
  const to = await openBackups()
  await to.store.createChannel(input({ name: 'Other', apiKey: 'sk-other-9999' }))
  const before = to.state()

  const { text, ...counts } = await from.exports.create(PASSPHRASE)
  const { savedAs } = await to.store.exports.restore(text, PASSPHRASE)

  expect(counts).toEqual({ channels: 2, clientKeys: 2 })
  const expected = { ...from.state(), keys: [...from.state().keys, ...before.keys] }
  expect(to.state()).toEqual(expected)
  expect(to.store.clientKey(sha256Of(from.secret))?.name).toBe('Laptop')
  expect(savedAs).toMatchObject({ reason: 'import', channels: 1 })
  await to.store.close()
  expect((await openBackups(to.dir)).state()).toEqual(expected)
})

test('what was there before it is in the backup that was made', async () => {
  const from = await filled()
  const to = await openBackups()
  await to.store.createChannel(input({ name: 'Other', apiKey: 'sk-other-9999' }))
  const before = to.state()
  const { savedAs } = await to.store.exports.restore((await from.exports.create(PASSPHRASE)).text, PASSPHRASE)

  await to.backups.restore(savedAs.name)

  expect(to.state()).toEqual(before)
})

test('a preview says what would change, and changes nothing', async () => {
  const from = await filled()
  const to = await openBackups()
  await to.store.createChannel(input({ name: 'Other' }))
  const before = to.state()

  const changes = await to.store.exports.preview((await from.exports.create(PASSPHRASE)).text, PASSPHRASE)

  expect(changes).toEqual({
    added: ['Main', 'Keyless'],
    changed: [],
    removed: ['Other'],
    skipped: [],
    settings: ['strategy', 'port', 'onlyChannel'],
    clientKeys: { added: ['Default', 'Laptop'], removed: [] }
  })
  expect(to.state()).toEqual(before)
})

test('the keys of clients that are connected here go on working, with their texts', async () => {
  const from = await filled()
  const { text } = await from.exports.create(PASSPHRASE)
  const to = await openBackups()
  const { key, secret } = await to.store.createClientKey({ name: 'Claude Code', allowedChannels: null, budget: null })
  const first = to.store.defaultClientKey()

  await to.store.exports.restore(text, PASSPHRASE)
  await to.store.close()
  const { store } = await openBackups(to.dir)

  for (const one of [secret, first, from.secret]) expect(store.clientKey(sha256Of(one))).toBeDefined()
  expect(store.clientKeySecret(key.id)).toBe(secret)
})

test('a key that was renewed since keeps its new text, and the old one stays ended', async () => {
  const { exports, secret, store } = await filled()
  const { text } = await exports.create(PASSPHRASE)
  const laptop = store.clientKeyViews().find(({ name }) => name === 'Laptop')
  if (laptop === undefined) throw new Error('not made')
  const renewed = await store.rotateClientKey(laptop.id)

  expect((await exports.preview(text, PASSPHRASE)).clientKeys).toEqual({ added: [], removed: [] })
  await exports.restore(text, PASSPHRASE)

  expect(store.clientKey(sha256Of(secret))).toBeUndefined()
  expect(store.clientKey(sha256Of(renewed.secret))?.name).toBe('Laptop')
  expect(store.clientKeySecret(laptop.id)).toBe(renewed.secret)
})

test('an export that is brought back where it came from changes what was changed since', async () => {
  const { exports, state, store } = await filled()
  const before = state()
  const { text } = await exports.create(PASSPHRASE)
  const [main] = store.channels()
  if (main === undefined) throw new Error('not made')
  await store.updateChannel(main.id, { apiKey: 'sk-changed-1234' })
  expect(await exports.preview(text, PASSPHRASE)).toMatchObject({ added: [], changed: ['Main'], removed: [] })

  await exports.restore(text, PASSPHRASE)

  expect(state()).toEqual(before)
})

test('no secret stands in the text, nor in what it holds but where it belongs, and the history stays at home', async () => {
  const { exports, secret } = await filled()
  const { text } = await exports.create(PASSPHRASE)
  const plain = await cheapPassphraseBox().open(text, PASSPHRASE)
  const { database, ...secrets } = JSON.parse(plain.toString()) as { database: string }
  const bytes = Buffer.from(database, 'base64')

  for (const hidden of ['sk-ant-secret-1234', 'header-secret', secret]) {
    expect(text).not.toContain(hidden)
    expect(JSON.stringify(secrets)).toContain(hidden)
    expect(bytes.includes(hidden)).toBe(false)
  }
  const copy = new Database(bytes)
  expect(copy.prepare('SELECT count(*) FROM history').pluck().get()).toBe(0)
  expect(copy.prepare('SELECT count(*) FROM channels WHERE sealed IS NOT NULL').pluck().get()).toBe(0)
  copy.close()
})

test('with a wrong passphrase, or from something else, nothing is taken and no backup made', async () => {
  const from = await filled()
  const { text } = await from.exports.create(PASSPHRASE)
  const { dir, state, store } = await openBackups()
  const before = state()
  const other = await cheapPassphraseBox().seal(Buffer.from('{"sk-secret":1}'), PASSPHRASE)
  const wrongDatabase = await cheapPassphraseBox().seal(
    Buffer.from(
      JSON.stringify({ database: Buffer.from('no database').toString('base64'), channels: {}, clientKeys: {} })
    ),
    PASSPHRASE
  )

  for (const [given, passphrase, code] of [
    [text, 'another passphrase', 'passphrase_wrong'],
    [other, PASSPHRASE, 'encrypted_export_damaged'],
    [wrongDatabase, PASSPHRASE, 'backup_damaged'],
    ['{}', PASSPHRASE, 'encrypted_export_invalid']
  ] as const) {
    await expect(store.exports.preview(given, passphrase)).rejects.toMatchObject({ code, status: 422 })
    await expect(store.exports.restore(given, passphrase)).rejects.toMatchObject({ code })
  }

  expect(state()).toEqual(before)
  expect(() => files(dir)).toThrow('ENOENT')
})

test('an address that this machine does not have is left out, and told', async () => {
  const { dir, store } = await filled()
  await store.close()
  const database = new Database(join(dir, 'routex.db'))
  database.prepare("INSERT INTO settings VALUES ('host', '\"203.0.113.9\"')").run()
  database.close()
  const moved = await openBackups(dir)
  expect(moved.store.settings().host).toBe('203.0.113.9')
  const { text } = await moved.store.exports.create(PASSPHRASE)
  const to = await openBackups()

  expect((await to.store.exports.preview(text, PASSPHRASE)).skipped).toEqual([
    {
      name: 'host',
      reason: expect.stringContaining('203.0.113.9') as string,
      problems: [expect.objectContaining({ rule: { kind: 'own', code: 'host_elsewhere' } })]
    }
  ])
  await to.store.exports.restore(text, PASSPHRASE)

  expect(to.store.settings()).toMatchObject({ host: '127.0.0.1', port: 9000 })
})

test('what the config file manages is not in it', async () => {
  const { exports, store } = await filled()
  store.applyFile(
    file({
      channels: [{ name: 'Theirs', protocol: 'gemini', baseUrl: 'https://file.example', apiKey: 'sk-file-secret' }]
    })
  )

  const { channels, text } = await exports.create(PASSPHRASE)

  expect(channels).toBe(2)
  expect((await cheapPassphraseBox().open(text, PASSPHRASE)).includes('sk-file-secret')).toBe(false)
})

test('an export changes nothing on the disk', async () => {
  const { dir, exports } = await filled()
  const before = readFileSync(join(dir, 'routex.db'))
  await exports.create(PASSPHRASE)
  expect(readFileSync(join(dir, 'routex.db')).equals(before)).toBe(true)
})
