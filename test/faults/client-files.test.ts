import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { FileSystem } from '../../src/main/clients/file-system'
import { filesBelow, makeClientsWorld, type ClientsWorld } from '../support/clients-world'
import { faultyFileSystem, quickFileSystem, type Fault } from '../support/faulty-file-system'

/** Settings that each hold something of the user's, and a value that is replaced. */
const BEFORE = {
  codex: { '.codex/config.toml': '# mine\nmodel_provider = "azure"\n' },
  'gemini-cli': { '.gemini/.env': 'GEMINI_API_KEY=before\n', '.gemini/settings.json': '{}\n' }
} as const

/** One with two files of two formats, and one with the third. What carries changes out is the same for all. */
const CLIENTS = ['gemini-cli', 'codex'] as const

type Tested = (typeof CLIENTS)[number]
type Files = Readonly<Record<string, string>>

async function withSettings(client: Tested, options: Parameters<typeof makeClientsWorld>[0] = {}) {
  const world = await makeClientsWorld(options)
  for (const [path, text] of Object.entries(BEFORE[client])) await world.place(path, text)
  return world
}

/** Each file is the old one or the new one, whole, and there is no other. */
function expectOldOrNew(files: Files, old: Files, next: Files): void {
  for (const path of new Set([...Object.keys(old), ...Object.keys(next)])) {
    expect([old[path], next[path]], path).toContain(files[path])
  }
  const others = Object.keys(files).filter((path) => !(path in old) && !(path in next))
  expect(others.filter((path) => !path.endsWith('.routex-new'))).toEqual([])
}

interface Run {
  readonly client: Tested
  readonly before: (world: ClientsWorld) => Promise<unknown>
  readonly act: (world: ClientsWorld) => Promise<unknown>
}

/** Lets each file operation of `act` fail in its turn, and hands over what is there then. */
async function eachFault(
  { client, before, act }: Run,
  fault: Omit<Fault, 'at'>,
  check: (world: ClientsWorld, old: Files, next: Files, failed: boolean) => Promise<void>
): Promise<number> {
  const reference = await withSettings(client)
  await before(reference)
  const counted = faultyFileSystem(null)
  await act(await makeClientsWorld({ like: reference, fs: counted.fs }))
  const next = await filesBelow(reference.home)
  const total = counted.operations.length
  for (let at = 0; at < total; at++) {
    const prepared = await withSettings(client)
    await before(prepared)
    const old = await filesBelow(prepared.home)
    const world = await makeClientsWorld({ like: prepared, fs: faultyFileSystem({ ...fault, at }).fs })
    const failed = await act(world).then(
      () => false,
      () => true
    )
    await check(await makeClientsWorld({ like: prepared }), old, next, failed)
  }
  return total
}

const apply =
  (client: Tested) =>
  ({ connections }: ClientsWorld) =>
    connections.apply(client, {})
const restore =
  (client: Tested) =>
  ({ connections }: ClientsWorld) =>
    connections.restore(client)
const nothing = async (): Promise<void> => undefined

test.each(CLIENTS)('B40 %s: whichever file operation fails, connecting is done whole or not at all', async (client) => {
  for (const when of ['before', 'after'] as const) {
    const total = await eachFault(
      { client, before: nothing, act: apply(client) },
      { when },
      async (world, old, next, failed) => {
        const files = await filesBelow(world.home)
        expect(files).toEqual(failed ? old : next)
        const { state } = await world.connections.view(client)
        // A record that could not be read or taken back is an honest "interrupted", never a wrong "connected".
        if (failed) expect(['direct', 'interrupted']).toContain(state.kind)
        else expect(state.kind).toBe('connected')
      }
    )
    expect(total).toBeGreaterThan(20)
  }
})

test.each(CLIENTS)('B40 %s: whichever file operation fails, restoring is done whole or not at all', async (client) => {
  for (const when of ['before', 'after'] as const) {
    await eachFault(
      { client, before: apply(client), act: restore(client) },
      { when },
      async (world, old, next, failed) => {
        const files = await filesBelow(world.home)
        expect(files).toEqual(failed ? old : next)
      }
    )
  }
})

test.each(CLIENTS)(
  'B40 %s: wherever a crash cuts connecting off, each file is the old or the new one, and the next start can undo it or complete it',
  async (client) => {
    await eachFault(
      { client, before: nothing, act: apply(client) },
      { when: 'before', andAllAfter: true },
      async (world, old, next) => {
        expectOldOrNew(await filesBelow(world.home), old, next)
        await world.connections.recover()
        const { state } = await world.connections.view(client)
        if (state.kind === 'direct') {
          expect(await filesBelow(world.home)).toEqual(old)
        } else {
          await world.connections.restore(client)
          expect(await filesBelow(world.home)).toEqual(old)
        }
        await world.connections.apply(client, {})
        expect(Object.keys(await filesBelow(world.home))).toEqual(Object.keys(next))
        expect((await world.connections.view(client)).state).toMatchObject({ kind: 'connected', drift: [] })
        await world.connections.restore(client)
        expect(await filesBelow(world.home)).toEqual(old)
      }
    )
  }
)

test.each(CLIENTS)(
  'B40 %s: wherever a crash cuts restoring off, the next start can complete it, byte for byte',
  async (client) => {
    await eachFault(
      { client, before: apply(client), act: restore(client) },
      { when: 'before', andAllAfter: true },
      async (world, old, next) => {
        expectOldOrNew(await filesBelow(world.home), old, next)
        await world.connections.recover()
        const { state } = await world.connections.view(client)
        if (state.kind !== 'direct') await world.connections.restore(client)
        expect(await filesBelow(world.home)).toEqual(next)
      }
    )
  }
)

test('B40 a crash while the files follow a gateway that moved can be undone', async () => {
  const client = 'gemini-cli'
  const moved = async (world: ClientsWorld) => {
    world.offer.address = 'http://127.0.0.1:9999'
    await world.connections.follow()
  }
  await eachFault(
    { client, before: apply(client), act: moved },
    { when: 'before', andAllAfter: true },
    async (world, old, next) => {
      expectOldOrNew(await filesBelow(world.home), old, next)
      await world.connections.recover()
      await world.connections.restore(client)
      const files = await filesBelow(world.home)
      for (const [path, text] of Object.entries(BEFORE[client])) expect(files[path]).toBe(`644 ${text}`)
    }
  )
})

test('a file that somebody else writes in the same moment is not overwritten by an older text', async () => {
  const world = await withSettings('codex')
  const path = join(world.home, '.codex/config.toml')
  let isFirst = true
  const racing: FileSystem = {
    ...quickFileSystem,
    open: async (...args) => {
      const file = await quickFileSystem.open(...args)
      if (isFirst && args[0].includes('config.toml')) {
        isFirst = false
        await writeFile(path, '# theirs, a moment later\n')
      }
      return file
    }
  }
  const second = await makeClientsWorld({ like: world, fs: racing })
  await second.connections.apply('codex', {})
  expect(await readFile(path, 'utf8')).toMatch(
    /^# theirs, a moment later\nmodel_provider = "routex"|model_provider = "routex"\n# theirs/
  )
  await second.connections.restore('codex')
  expect(await readFile(path, 'utf8')).toBe('# theirs, a moment later\n')
})
