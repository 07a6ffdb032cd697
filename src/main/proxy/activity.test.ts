import { expect, test } from 'vitest'
import type { InFlightView } from '../../shared/gateway-status'
import { channelId, requestId, type ChannelId } from '../../shared/ids'
import { Activity, type UnderWay } from './activity'

/** A request that counts how often it was looked at. */
class Watched implements UnderWay {
  looks = 0
  readonly channelId: ChannelId | null
  readonly #id: string

  constructor(id: string, channel: string | null = null) {
    this.#id = id
    this.channelId = channel === null ? null : channelId.parse(channel)
  }

  abandoned(): null {
    return null
  }

  view(): InFlightView {
    this.looks += 1
    const nothing = { protocol: null, model: null, client: null, channelName: null }
    return { ...nothing, id: requestId.parse(this.#id), at: 0, attempts: 0, stream: false, answering: false }
  }
}

test('the oldest fifty of the requests under way are shown, and all are counted', () => {
  const activity = new Activity()
  const requests = Array.from({ length: 60 }, (_, index) => new Watched(`r${index}`))
  for (const request of requests) activity.begin(request)
  for (const request of requests.slice(0, 5)) activity.end(request, false)
  const { requests: shown, total } = activity.list()
  expect([total, shown.length, shown[0]?.id, shown.at(-1)?.id]).toEqual([55, 50, 'r5', 'r54'])
  expect(activity.inFlight).toBe(55)
})

test('each channel is told how many of all the requests it has, shown or not', () => {
  const activity = new Activity()
  const requests = Array.from({ length: 60 }, (_, index) => new Watched(`r${index}`, index % 3 === 0 ? 'a' : 'b'))
  for (const request of [new Watched('early'), ...requests]) activity.begin(request)
  expect(activity.list().byChannel).toEqual([
    { channelId: 'a', requests: 20 },
    { channelId: 'b', requests: 40 }
  ])
  for (const request of requests) activity.end(request, false)
  expect(activity.list().byChannel).toEqual([])
})

test('a request that nobody asks about is never looked at', () => {
  const activity = new Activity()
  const request = new Watched('r')
  activity.begin(request)
  expect([activity.inFlight, activity.requests]).toEqual([1, 0])
  activity.end(request, true)
  expect([request.looks, activity.inFlight, activity.requests, activity.errors]).toEqual([0, 0, 1, 1])
})

test('idle is told when the last request has ended', async () => {
  const activity = new Activity()
  await activity.whenIdle()
  const [one, two] = [new Watched('1'), new Watched('2')]
  activity.begin(one)
  activity.begin(two)
  let idle = false
  const waiting = activity.whenIdle().then(() => (idle = true))
  activity.end(one, false)
  await Promise.resolve()
  expect(idle).toBe(false)
  activity.end(two, false)
  await waiting
  expect(idle).toBe(true)
})
