import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setImmediate as turn } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { FakeClock } from '../../../test/support/fake-clock'
import type { EventName, EventPayload } from '../../shared/contract'
import type { Api } from '../api/api'
import { EventStreams } from './event-stream'

type Tell = (payload: EventPayload<'channel.changed'>) => void

/** An API of which only events are wanted. */
function stubApi(): { readonly api: Api; readonly tell: Tell; listeners(): number } {
  const listeners = new Set<(payload: never) => void>()
  const none = (): never => {
    throw new Error('no calls here')
  }
  return {
    api: {
      call: none,
      stream: none,
      stop: none,
      on: <N extends EventName>(_name: N, listener: (payload: EventPayload<N>) => void) => {
        listeners.add(listener)
        return () => void listeners.delete(listener)
      }
    },
    tell: (payload) => {
      for (const listener of listeners) Reflect.apply(listener, undefined, [payload])
    },
    listeners: () => listeners.size
  }
}

test('what is told after the streams were ended is written nowhere, though their connections are still open', async () => {
  const { api, listeners, tell } = stubApi()
  const streams = new EventStreams(api, new FakeClock())
  const errors: unknown[] = []
  const server = createServer((_request, response: ServerResponse) => {
    response.on('error', (error) => errors.push(error))
    streams.open(response, new Set(['channel.changed']))
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  tell({ id: null })

  streams.stop()
  tell({ id: null })
  await turn()

  expect(errors).toEqual([])
  expect(listeners()).toBe(0)
  expect((await response.text()).match(/event: channel\.changed/g)).toHaveLength(1)
})
