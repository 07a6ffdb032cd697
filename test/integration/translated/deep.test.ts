import { expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { json } from '../../support/scripts'
import { startGateway } from '../../support/start-gateway'
import { anthropic, gemini, openaiChat, type Vendor } from '../../support/vendors/vendors'

const LEVELS = 50_000
const nested = (open: string, core: string, close: string): string => open.repeat(LEVELS) + core + close.repeat(LEVELS)
const INPUT = nested('{"a":', '1', '}')
const SCHEMA = nested('{"type":"object","properties":{"a":', '{"type":"string"}', '}}')

/** Bodies as text: JSON.stringify can't write them. */
const calls = {
  input: `"max_tokens":9,"messages":[{"role":"user","content":"q"},{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":${INPUT}}]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"x"}]}]`,
  schema: `"messages":[{"role":"user","content":"q"}],"tools":[{"type":"function","function":{"name":"f","strict":true,"parameters":${SCHEMA}}}]`,
  arguments: `"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[{"id":"x","type":"function","function":{"name":"f","arguments":${JSON.stringify(INPUT)}}}]},{"role":"tool","tool_call_id":"x","content":"r"}]`
}

test.each<[keyof typeof calls, Vendor, Vendor]>([
  ['input', anthropic, openaiChat],
  ['schema', openaiChat, anthropic],
  ['arguments', openaiChat, gemini]
])('%s nested too deep to be written is the client’s fault, and no channel’s', async (kind, client, channel) => {
  const upstream = await startFakeUpstream()
  upstream.always(json(200, channel.answer({ text: 'ok' })))
  const gateway = await startGateway({ config: withChannels([channelOf(channel, upstream)]) })
  const response = await fetch(`${gateway.url}${client.target({ stream: false })}`, {
    method: 'POST',
    headers: { ...client.headers(gateway.key), 'content-type': 'application/json' },
    body: `{"model":${JSON.stringify(client.model)},${calls[kind]}}`
  })
  expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('nested too deep')])
  expect(upstream.requests).toHaveLength(0)
  expect((await gateway.ask(client).done).status).toBe(200)
})
