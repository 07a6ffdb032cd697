import { describe, expect, test } from 'vitest'
import { hang, json, stream } from '../support/scripts'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, gemini, openaiChat, openaiResponses, says, VENDORS, type Vendor } from '../support/vendors/vendors'

interface Counted {
  readonly vendor: Vendor
  readonly usage: object
  readonly expected: object
}

/** One prompt of 1,000 tokens, 600 of them read from the cache, 100 written to it where the vendor tells; 50 out, 20 of them thought. */
const COUNTED: readonly Counted[] = [
  {
    vendor: anthropic,
    usage: {
      input_tokens: 300,
      cache_read_input_tokens: 600,
      cache_creation_input_tokens: 100,
      cache_creation: { ephemeral_5m_input_tokens: 60, ephemeral_1h_input_tokens: 40 },
      output_tokens: 50,
      output_tokens_details: { thinking_tokens: 20 }
    },
    expected: { input: 300, cacheRead: 600, cacheWrite: 100, cacheWrite1h: 40, output: 50 }
  },
  {
    vendor: openaiChat,
    usage: {
      prompt_tokens: 1000,
      completion_tokens: 50,
      total_tokens: 1050,
      prompt_tokens_details: { cached_tokens: 600 },
      completion_tokens_details: { reasoning_tokens: 20 }
    },
    expected: { input: 400, cacheRead: 600, cacheWrite: 0, cacheWrite1h: 0, output: 50, reasoning: 20 }
  },
  {
    vendor: openaiResponses,
    usage: {
      input_tokens: 1000,
      input_tokens_details: { cached_tokens: 600 },
      output_tokens: 50,
      output_tokens_details: { reasoning_tokens: 20 },
      total_tokens: 1050
    },
    expected: { input: 400, cacheRead: 600, cacheWrite: 0, cacheWrite1h: 0, output: 50, reasoning: 20 }
  },
  {
    vendor: gemini,
    usage: {
      promptTokenCount: 1000,
      cachedContentTokenCount: 600,
      candidatesTokenCount: 30,
      thoughtsTokenCount: 20,
      totalTokenCount: 1050
    },
    expected: { input: 400, cacheRead: 600, cacheWrite: 0, cacheWrite1h: 0, output: 50, reasoning: 20 }
  }
]

describe.each(COUNTED)('$vendor.protocol', ({ vendor, usage, expected }) => {
  test.each([{ stream: false }, { stream: true }])(
    'B31 tokens are counted by the one definition, stream $stream',
    async ({ stream }) => {
      const { first, gateway } = await startTwoChannels(vendor)
      first.next(says(vendor, { text: 'fine', usage }))
      await gateway.ask(vendor, { stream }).done
      const row = await gateway.onlyRow()
      expect(row.usage).toMatchObject(expected)
      expect(row.rawUsage).toContain('600')
    }
  )
})

test('B31 the upstream’s own usage is kept beside ours, as it came', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3, vendor_specific: { x: 1.5 } }
  first.next(says(openaiChat, { text: 'fine', usage }))
  await gateway.ask(openaiChat).done
  expect(JSON.parse((await gateway.onlyRow()).rawUsage ?? '')).toEqual(usage)
})

test('B31 usage that was not sent is unknown, not 0', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  first.next(says(openaiChat, { text: 'fine', usage: null }))
  await gateway.ask(openaiChat, { stream: true, body: { stream_options: undefined } }).done
  expect(await gateway.onlyRow()).toMatchObject({ outcome: 'ok', usage: null, rawUsage: null, costUsd: null })
  const totals = await gateway.call('stats.overview', { from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 })
  expect(totals).toMatchObject({ requests: 1, usageUnknown: 1, costUsd: null })
})

/** Content, and then the client goes away (`leave`) or the upstream closes. */
async function breakOff(vendor: Vendor, usage: object | null, end: 'leave' | 'close') {
  const { first, gateway } = await startTwoChannels(vendor)
  const events = vendor.events({ text: 'one two three', ...(usage !== null && { usage }) })
  const head = events.slice(0, vendor.firstContent + 1)
  first.next(stream(end === 'leave' ? [...head, hang] : head))
  const exchange = gateway.ask(vendor, { stream: true })
  await exchange.until('one')
  if (end === 'leave') exchange.leave()
  else await exchange.done
  return { gateway, row: await gateway.onlyRow() }
}

describe.each([
  { end: 'leave', outcome: 'cancelled' },
  { end: 'close', outcome: 'truncated' }
] as const)('a stream that is $outcome', ({ end, outcome }) => {
  test.each([openaiChat, openaiResponses])(
    'B31 B32 of $protocol has no usage and no cost, since its upstream tells none before the end',
    async (vendor) => {
      const { row } = await breakOff(vendor, null, end)
      expect(row).toMatchObject({ outcome, usage: null, costUsd: null })
    }
  )

  test('B31 B32 of Anthropic’s counts the prompt that message_start told, in its row and in the totals', async () => {
    const usage = {
      input_tokens: 150_000,
      cache_read_input_tokens: 20_000,
      cache_creation_input_tokens: 3000,
      output_tokens: 900
    }
    const { gateway, row } = await breakOff(anthropic, usage, end)
    expect(row).toMatchObject({ outcome, usage: { input: 150_000, cacheRead: 20_000, cacheWrite: 3000 } })
    expect(row.usage?.output).toBeLessThan(900)
    expect(row.costUsd).toBeGreaterThan(0)
    const period = { from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 }
    expect(await gateway.call('stats.overview', period)).toMatchObject({
      tokens: { input: 150_000, cacheRead: 20_000, cacheWrite: 3000 },
      usageUnknown: 0,
      costUsd: row.costUsd,
      costUnknown: 0
    })
  })

  test('B31 of an Anthropic upstream that fills its prompt in at the end is unknown, not 0', async () => {
    const { row } = await breakOff(anthropic, { input_tokens: 0, output_tokens: 0 }, end)
    expect(row).toMatchObject({ outcome, usage: null, costUsd: null })
  })
})

describe('a channel that asks for usage itself', () => {
  test('B31 has it counted, and the extra chunk is taken out again', async () => {
    const { first, gateway } = await startTwoChannels(openaiChat, { firstChannel: { askForUsage: true } })
    const answer = await gateway.ask(openaiChat, { stream: true, body: { stream_options: undefined } }).done
    const sent = JSON.parse(first.requests[0]?.body.toString() ?? '{}') as unknown
    expect(sent).toMatchObject({ stream: true, stream_options: { include_usage: true } })
    expect(answer.text).toBe(openaiChat.events({ text: 'from first', usage: null }).join(''))
    expect((await gateway.onlyRow()).usage).toMatchObject({ input: 11, output: 7 })
  })

  test.each([{ include_obfuscation: false }, { include_usage: false }, null])(
    'B31 asks beside the stream_options %j of the client, in one and the same object',
    async (options) => {
      const { first, gateway } = await startTwoChannels(openaiChat, { firstChannel: { askForUsage: true } })
      const answer = await gateway.ask(openaiChat, { stream: true, body: { stream_options: options } }).done
      const body = first.requests[0]?.body.toString() ?? ''
      expect(body.split('"stream_options"')).toHaveLength(2)
      expect(JSON.parse(body)).toMatchObject({ stream_options: { ...options, include_usage: true } })
      expect(answer.text).toBe(openaiChat.events({ text: 'from first', usage: null }).join(''))
      expect((await gateway.onlyRow()).usage).toMatchObject({ input: 11, output: 7 })
    }
  )

  test('B31 leaves the chunk to a client that asked for it', async () => {
    const { first, gateway } = await startTwoChannels(openaiChat, { firstChannel: { askForUsage: true } })
    const answer = await gateway.ask(openaiChat, { stream: true }).done
    expect(answer.text).toBe(openaiChat.events({ text: 'from first' }).join(''))
    expect(first.requests[0]?.body.toString()).toBe(JSON.stringify(openaiChat.request({ stream: true })))
  })
})

test('B31 embeddings, old completions and token counts leave rows with the usage that was sent', async () => {
  const { first, gateway } = await startTwoChannels(openaiChat)
  const usage = { prompt_tokens: 8, total_tokens: 8 }
  first.next(
    json(200, { object: 'list', data: [], model: 'text-embedding-3-small', usage }),
    json(200, {
      id: 'cmpl',
      object: 'text_completion',
      choices: [],
      usage: { ...usage, completion_tokens: 5, total_tokens: 13 }
    })
  )
  const headers = openaiChat.headers(gateway.key)
  await gateway.send({ target: '/v1/embeddings', headers, body: { model: 'text-embedding-3-small', input: 'x' } }).done
  await gateway.send({ target: '/v1/completions', headers, body: { model: 'gpt-3.5-turbo-instruct', prompt: 'x' } })
    .done
  const rows = (await gateway.rows()).toReversed()
  expect(rows.map(({ operation, usage: counted }) => [operation, counted?.input, counted?.output])).toEqual([
    ['embed', 8, 0],
    ['complete', 8, 5]
  ])
})

test('B31 totals, charts and rows agree', async () => {
  const { first, gateway } = await startTwoChannels(anthropic)
  for (const output of [1, 20, 300]) {
    first.next(
      says(anthropic, {
        text: 'fine',
        usage: { input_tokens: 7, cache_read_input_tokens: 3, cache_creation_input_tokens: 2, output_tokens: output }
      })
    )
    await gateway.ask(anthropic, { prompt: `prompt ${output}` }).done
  }
  await gateway.lastRow(3)
  const period = { from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 }
  const rows = await gateway.rows()
  const sum = (of: 'input' | 'cacheRead' | 'cacheWrite' | 'output'): number =>
    rows.reduce((total, row) => total + (row.usage?.[of] ?? 0), 0)
  const tokens = {
    input: sum('input'),
    cacheRead: sum('cacheRead'),
    cacheWrite: sum('cacheWrite'),
    output: sum('output')
  }
  expect(tokens).toEqual({ input: 21, cacheRead: 9, cacheWrite: 6, output: 321 })
  expect(await gateway.call('stats.overview', period)).toMatchObject({ requests: 3, tokens })
  for (const bucket of ['minute', 'hour', 'day'] as const) {
    const { buckets } = await gateway.call('stats.timeseries', { ...period, bucket, groupBy: 'model' })
    expect(buckets.reduce((total, one) => total + one.tokens.output, 0)).toBe(321)
    expect(buckets.filter((one) => one.requests > 0).every((one) => one.group === anthropic.model)).toBe(true)
  }
})

describe('cost', () => {
  test.each(VENDORS)('B32 a known price of $protocol gives a cost from the first row', async (vendor) => {
    const { gateway } = await startTwoChannels(vendor)
    await gateway.ask(vendor).done
    const row = await gateway.onlyRow()
    expect(row.costUsd).toBeGreaterThan(0)
    expect(row.priceSource).toContain(vendor.model)
  })

  test('B32 the cost is that of the price table', async () => {
    const { first, gateway } = await startTwoChannels(anthropic)
    first.next(
      json(200, anthropic.answer({ text: 'fine', usage: { input_tokens: 1_000_000, output_tokens: 100_000 } }))
    )
    await gateway.ask(anthropic, { model: 'claude-3-5-haiku-20241022' }).done
    // $0.80 and $4.00 for a million
    expect((await gateway.onlyRow()).costUsd).toBeCloseTo(1.2, 6)
  })

  test('B32 an unknown price is unknown, never $0', async () => {
    const { gateway } = await startTwoChannels(openaiChat)
    await gateway.ask(openaiChat, { model: 'unheard-of-model' }).done
    expect(await gateway.onlyRow()).toMatchObject({ costUsd: null, priceSource: null })
    const totals = await gateway.call('stats.overview', { from: Date.now() - 3_600_000, to: Date.now() + 3_600_000 })
    expect(totals).toMatchObject({ requests: 1, costUsd: null, costUnknown: 1 })
  })
})
