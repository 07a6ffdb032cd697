import { cp, mkdir, readdir, rm } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'
import { filesBelow, makeClientsWorld } from '../../../test/support/clients-world'
import { CLIENT_IDS } from '../../shared/clients'

const fixtures = resolve(import.meta.dirname, '../../../test/fixtures/clients')
const cases = (
  await Promise.all(
    CLIENT_IDS.map(async (client) => (await readdir(join(fixtures, client))).map((name) => [client, name] as const))
  )
).flat()

/** Modes are of the checkout. */
const contents = async (folder: string) =>
  Object.fromEntries(Object.entries(await filesBelow(folder)).map(([path, text]) => [path, text.replace(/^\d+ /, '')]))

/** `UPDATE_GOLDEN=1` writes what is expected anew, to be read before it is committed. */
test.each(cases)(
  'B40 %s, %s: what is written is what is expected, and restoring gives the same bytes',
  async (client, name) => {
    const world = await makeClientsWorld()
    const folder = join(fixtures, client, name)
    await cp(join(folder, 'before'), world.home, { recursive: true })
    const before = await filesBelow(world.home)
    const models = { 'claude-code': { opus: 'model-one' }, codex: {}, 'gemini-cli': {}, opencode: {} }[client]
    await world.connections.apply(client, { options: { models } })
    if (process.env['UPDATE_GOLDEN'] !== undefined || !existsSync(join(folder, 'after'))) {
      await rm(join(folder, 'after'), { recursive: true, force: true })
      await mkdir(join(folder, 'after'))
      await cp(world.home, join(folder, 'after'), { recursive: true })
    }
    expect(await contents(world.home)).toEqual(await contents(join(folder, 'after')))
    await world.connections.restore(client)
    expect(await filesBelow(world.home)).toEqual(before)
  }
)

test('B40 a huge file of state is changed in one place and comes back byte for byte', async () => {
  const world = await makeClientsWorld()
  const projects = Array.from(
    { length: 12_000 },
    (_, index) => [`/home/me/${index}`, { history: ['x'.repeat(200)] }] as const
  )
  const text = JSON.stringify({ projects: Object.fromEntries(projects) }, null, 2)
  await world.place('.claude.json', text)
  await world.place('.claude/settings.json', '{}')
  const before = await filesBelow(world.home)
  await world.connections.apply('claude-code', {})
  const after = await world.read('.claude.json')
  expect(after.length - text.length).toBeLessThan(50)
  await world.connections.restore('claude-code')
  expect(await filesBelow(world.home)).toEqual(before)
}, 30_000)
