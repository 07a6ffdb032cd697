import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { anthropicLoop } from '../../support/sdk-loop/anthropic'
import { geminiLoop } from '../../support/sdk-loop/gemini'
import type { SdkLoop } from '../../support/sdk-loop/loop'
import { openaiChatLoop } from '../../support/sdk-loop/openai-chat'
import { openaiResponsesLoop } from '../../support/sdk-loop/openai-responses'
import { historyOf, loopScripts, SIGNATURES, type History } from '../../support/sdk-loop/upstream'
import { startGateway } from '../../support/start-gateway'
import { VENDORS, type Vendor } from '../../support/vendors/vendors'

const LOOPS: readonly SdkLoop[] = [anthropicLoop, openaiChatLoop, openaiResponsesLoop, geminiLoop]

const CASES = LOOPS.flatMap((sdk) =>
  VENDORS.filter((vendor) => vendor !== sdk.vendor).flatMap((vendor) =>
    [true, false].map((stream) => ({ sdk, vendor, stream, client: sdk.vendor.protocol, channel: vendor.protocol }))
  )
)

const NOTHING: History = { calls: [], results: [], signatures: [], unbound: [] }

function inputsOf({ calls }: History): readonly unknown[] {
  expect(new Set(calls.map(({ name }) => name))).toEqual(new Set(['get_weather']))
  return calls.map(({ input }) => input)
}

/** One loop of the SDK through a Routex whose only channel is the vendor's, which knows another model. */
async function loop(sdk: SdkLoop, vendor: Vendor, stream: boolean) {
  const upstream = await startFakeUpstream()
  upstream.next(...loopScripts(vendor))
  const channel = channelOf(vendor, upstream, { modelMap: { '*': vendor.model } })
  const gateway = await startGateway({ config: withChannels([channel]) })
  const transcript = await sdk.run({ gateway, stream })
  return { transcript, histories: upstream.requests.map((request) => historyOf(vendor, request)) }
}

describe.each(CASES)('the $client SDK on a channel of $channel, stream $stream', ({ sdk, vendor, stream }) => {
  test('carries a loop of two tool calls to its end', async () => {
    const { transcript, histories } = await loop(sdk, vendor, stream)

    expect(transcript.calls).toEqual([
      { name: 'get_weather', input: { place: 'Bern' } },
      { name: 'get_weather', input: { place: 'Zürich 🏔' } }
    ])
    expect(transcript.text).toBe('Both are as warm.')
    expect(transcript.stops).toEqual(sdk.stops)
    expect(transcript.thinking).toEqual(['I need both.', 'One to go.'])
    expect(transcript.models).toEqual(Array(3).fill(sdk.vendor.model))
    expect(transcript.usage).toEqual({ input: 11, output: 7 })

    const [bern, zurich] = [{ place: 'Bern' }, { place: 'Zürich 🏔' }]
    const [, second = NOTHING, third = NOTHING] = histories
    expect(inputsOf(second)).toEqual([bern])
    expect(inputsOf(third)).toEqual([bern, zurich])
    expect(second.results).toEqual([{ id: second.calls[0]?.id, text: '21 °C in Bern' }])
    const [first, last] = third.calls.map(({ id }) => id)
    expect(third.results).toEqual([
      { id: first, text: '21 °C in Bern' },
      { id: last, text: '21 °C in Zürich 🏔' }
    ])
    expect(last).not.toBe(first)
    expect(second.calls[0]?.id).toBe(first)

    const own = SIGNATURES[vendor.protocol]
    expect(second.signatures).toEqual(own.slice(0, 1))
    expect(third.signatures).toEqual(own)
    expect(third.unbound).toEqual([])
  })
})
