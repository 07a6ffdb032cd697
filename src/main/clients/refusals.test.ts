import { chmod, lstat, mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow, makeClientsWorld, type ClientsWorld } from '../../../test/support/clients-world'

const SETTINGS = '.claude/settings.json'

test.each<[string, string, (world: ClientsWorld, path: string) => Promise<unknown>]>([
  ['a read-only file', 'read_only', async (_, path) => writeFile(path, '{}').then(() => chmod(path, 0o444))],
  ['a folder in its place', 'not_a_file', (_, path) => mkdir(path)],
  ['a link that leads to itself', 'link_loop', (_, path) => symlink('settings.json', path)],
  ['a link to nothing', 'dangling_link', (_, path) => symlink('nowhere.json', path)],
  ['a text that does not parse', 'does_not_parse', (_, path) => writeFile(path, '{ "env": ')],
  ['a list in the place of settings', 'does_not_parse', (_, path) => writeFile(path, '[]')],
  ['bytes that are no text', 'not_text', (_, path) => writeFile(path, Buffer.from([0x7b, 0xff, 0xfe, 0x7d]))],
  ['a text in UTF-16', 'not_text', (_, path) => writeFile(path, Buffer.from('\uFEFF{}', 'utf16le'))],
  ['a huge file', 'too_large', (_, path) => writeFile(path, ' '.repeat(4 * 1024 * 1024 + 1))],
  ['a value where a group belongs', 'does_not_parse', (_, path) => writeFile(path, '{"env": "x"}')]
])('%s is told in clear words, and nothing is written', async (_, code, spoil) => {
  const world = await makeClientsWorld()
  await mkdir(join(world.home, '.claude'))
  const path = join(world.home, SETTINGS)
  await spoil(world, path)
  await expect(world.connections.apply('claude-code', {})).rejects.toMatchObject({ code, path })
  const { problems } = await world.connections.preview('claude-code', 'apply', undefined, {})
  expect(problems).toMatchObject([{ code, path }])
  await expect(lstat(join(world.home, '.claude.json'))).rejects.toThrow('ENOENT')
  expect(world.keys.names).toEqual([])
  expect(await filesBelow(world.dataDir)).not.toHaveProperty(['clients/claude-code.json'])
})

test.each([
  ['claude-code', SETTINGS, '{"env": null}', 'env holds null'],
  ['claude-code', SETTINGS, '{"env": ["A"]}', 'env holds a list'],
  ['opencode', '.config/opencode/opencode.json', '{"provider": []}', 'provider holds a list'],
  ['codex', '.codex/config.toml', 'model_providers = [1]\n', 'model_providers holds a list']
] as const)('%s: what stands in the place of a group is named: %s %s', async (client, path, text, what) => {
  const world = await makeClientsWorld()
  await world.place(path, text)
  const message = `${join(world.home, path)} can not be changed: ${what}, where a group of settings belongs`
  await expect(world.connections.apply(client, {})).rejects.toMatchObject({ code: 'does_not_parse', message })
})

test('a file in the place of the folder is told', async () => {
  const world = await makeClientsWorld()
  await world.place('.codex', 'not a folder')
  await expect(world.connections.apply('codex', { createFolders: true })).rejects.toMatchObject({
    code: 'not_a_folder'
  })
})
