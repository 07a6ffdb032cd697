import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { makeClientsWorld, type ClientsWorld } from '../../../test/support/clients-world'

/** A command in the user's folder that links to `target`. */
async function link(world: ClientsWorld, target: string): Promise<void> {
  await mkdir(join(world.home, '.local/bin'), { recursive: true })
  await mkdir(dirname(join(world.home, target)), { recursive: true })
  await writeFile(join(world.home, target), '', { mode: 0o755 })
  await symlink(join(world.home, target), join(world.home, '.local/bin/claude'))
}

const programOf = async ({ connections }: ClientsWorld) => (await connections.view('claude-code')).program

test('its version is that of the package that its command belongs to', async () => {
  const world = await makeClientsWorld()
  await link(world, 'lib/node_modules/@anthropic-ai/claude-code/bin/claude.exe')
  await world.place(
    'lib/node_modules/@anthropic-ai/claude-code/package.json',
    '{"name": "@anthropic-ai/claude-code", "version": "2.1.330"}'
  )
  expect(await programOf(world)).toEqual({ path: join(world.home, '.local/bin/claude'), version: '2.1.330' })
})

test('else the number in the path that its command leads to', async () => {
  const world = await makeClientsWorld()
  await link(world, '.local/share/claude/versions/2.1.331')
  expect((await programOf(world))?.version).toBe('2.1.331')
})

test('one whose version can not be seen is found all the same, and is not run for it', async () => {
  const world = await makeClientsWorld()
  await link(world, 'opt/claude')
  expect(await programOf(world)).toMatchObject({ version: null })
})

test('what is no program is none', async () => {
  const world = await makeClientsWorld()
  await world.place('.local/bin/claude', 'not executable', 0o644)
  const { program, found } = await world.connections.view('claude-code')
  expect([program, found]).toEqual([null, false])
})
