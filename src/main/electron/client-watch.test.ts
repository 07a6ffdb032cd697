import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import { silentLogger } from '../../../test/support/silent-logger'
import type { Stop } from '../../shared/ports'
import { ClientWatch } from './client-watch'

/** An API whose one client goes where `url` says. */
function open(client: { url: string | null }) {
  const clock = new FakeClock()
  const listeners = new Set<() => void>()
  const api = {
    call: async () => ({
      clients: [
        {
          ...{ id: 'codex', name: 'Codex', protocols: [], modelSlots: [], found: true, program: null, folder: '/c' },
          ...{ files: [], conflicts: [], key: null, options: {}, canLaunch: false },
          state: { kind: 'direct', url: client.url }
        }
      ],
      afterCrash: null
    }),
    on: (_name: string, listener: (payload: never) => void): Stop => {
      const call = (): void => void Reflect.apply(listener, undefined, [{}])
      listeners.add(call)
      return () => listeners.delete(call)
    }
  }
  const watch = new ClientWatch({ api, clock, logger: silentLogger() })
  onTestFinished(() => watch.stop())
  const seen: (string | null)[] = []
  watch.onChange(() => {
    const state = watch.clients[0]?.state
    if (state?.kind === 'direct') seen.push(state.url)
  })
  const emit = (): void => {
    for (const call of listeners) call()
  }
  return { clock, watch, seen, emit, settle: () => new Promise(setImmediate), listeners }
}

test('what Routex changes is read at once, and once for changes of a moment', async () => {
  const client = { url: 'one' }
  const { clock, emit, seen, settle } = open(client)
  await settle()
  client.url = 'two'
  emit()
  emit()
  clock.advance(100)
  await settle()
  expect(seen).toEqual(['one', 'two'])
})

test('what others change in the files is seen within half a minute', async () => {
  const client = { url: 'one' }
  const { clock, seen, settle } = open(client)
  await settle()
  client.url = 'two'
  clock.advance(30_000)
  await settle()
  expect(seen).toEqual(['one', 'two'])
})

test('stopped, it listens to nothing and tells nothing', async () => {
  const { clock, watch, seen, settle, listeners } = open({ url: 'one' })
  watch.stop()
  clock.advance(60_000)
  await settle()
  expect([seen, listeners.size]).toEqual([[], 0])
})
