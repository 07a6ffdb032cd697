import { describe, expect, test } from 'vitest'
import { channelOf, withChannels, type ChannelConfig } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { startGateway } from '../../support/start-gateway'
import { anthropic, openaiChat, openaiResponses, says, type Vendor } from '../../support/vendors/vendors'

const THOUGHT = { text: 'Four.', thinking: 'Two and two…' }

/** One vendor that thinks aloud, and one of the client's own protocol that is asked to go on. */
async function start(other: Vendor, own: Vendor, rest: Partial<ChannelConfig> = {}) {
  const upstreams = [await startFakeUpstream(), await startFakeUpstream()] as const
  upstreams[0].always(says(other, THOUGHT))
  upstreams[1].always(says(own, { text: 'Five.' }))
  const channels = [
    channelOf(other, upstreams[0], { name: 'other', models: ['thinker'] }),
    channelOf(own, upstreams[1], { name: 'own', models: [own.model, 'relayed'], ...rest })
  ]
  const gateway = await startGateway({ config: withChannels(channels) })
  const sent = () => JSON.parse(upstreams[1].requests[0]?.body.toString() ?? '{}') as Record<string, unknown>
  return { gateway, sent }
}

const reasoned = { reasoning: { effort: 'medium', summary: 'auto' }, store: false }

describe('B14 reasoning that nobody signed', () => {
  test('goes not to Responses itself, though its client gave no id back (Codex)', async () => {
    const { gateway, sent } = await start(openaiChat, openaiResponses)
    const asked = { role: 'user', content: 'Two and two?' }
    const first = await gateway.ask(openaiResponses, { model: 'thinker', body: { ...reasoned, input: [asked] } }).done
    const { output } = first.json() as { readonly output: readonly Record<string, unknown>[] }
    expect(output.map(({ type }) => type)).toEqual(['reasoning', 'message'])
    const history = output.map(({ id: _id, ...item }) => item)
    const input = [asked, ...history, { role: 'user', content: 'And one?' }]
    await gateway.ask(openaiResponses, { body: { ...reasoned, input } }).done
    expect(sent()['input']).toEqual([asked, history[1], { role: 'user', content: 'And one?' }])
  })

  const asked = { role: 'user', content: 'Two and two?' }
  const more = { role: 'user', content: 'And one?' }

  /** What the channel of Chat is sent of a message that Claude thought about. */
  async function goOn(rest: Partial<ChannelConfig>, model = openaiChat.model): Promise<unknown> {
    const { gateway, sent } = await start(anthropic, openaiChat, rest)
    const first = await gateway.ask(openaiChat, { model: 'thinker', body: { messages: [asked] } }).done
    const { choices } = first.json() as { readonly choices: readonly { readonly message: Record<string, unknown> }[] }
    const message = choices[0]?.message
    expect(message).toMatchObject({ reasoning_content: THOUGHT.thinking })
    await gateway.ask(openaiChat, { model, body: { messages: [asked, message, more] } }).done
    const messages = sent()['messages'] as readonly Record<string, unknown>[]
    return messages[1]?.['reasoning_content']
  }

  test.each([
    ['OpenAI’s own models', {}, openaiChat.model],
    ['a channel that refuses it', { quirks: { dropsReasoning: true } }, 'relayed']
  ])('goes not to %s over Chat', async (_name, rest, model) => {
    expect(await goOn(rest, model)).toBeUndefined()
  })

  test.each([
    ['others, who may want it back', {}, 'relayed'],
    ['a channel that wants it back', { quirks: { reasoningField: 'reasoning_content' as const } }, openaiChat.model]
  ])('goes to %s', async (_name, rest, model) => {
    expect(await goOn(rest, model)).toBe(THOUGHT.thinking)
  })
})
