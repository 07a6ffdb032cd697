import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI, type CallableTool } from '@google/genai'
import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../../support/config'
import { startFakeUpstream } from '../../support/fake-upstream'
import { QUESTION, TOOL, weatherOf } from '../../support/sdk-loop/loop'
import { startGateway } from '../../support/start-gateway'
import type { Content } from '../../support/vendors/content'
import { strictly } from '../../support/vendors/strict/strict'
import { anthropic, gemini, says, VENDORS, type Vendor } from '../../support/vendors/vendors'

/** Two calls at once, and the end. */
const ANSWERS: readonly Content[] = [
  {
    text: 'I look.',
    thinking: 'Both at once.',
    tools: ['Bern', 'Zürich'].map((place) => ({ name: TOOL.name, arguments: { place } }))
  },
  { text: 'Both are as warm.' }
]

async function start(vendor: Vendor) {
  const upstream = await startFakeUpstream()
  const complaints: string[] = []
  upstream.next(...ANSWERS.map((answer) => strictly(vendor, says(vendor, answer), complaints)))
  const channel = channelOf(vendor, upstream, { modelMap: { '*': vendor.model } })
  return { upstream, complaints, gateway: await startGateway({ config: withChannels([channel]) }) }
}

const tool: CallableTool = {
  tool: () => Promise.resolve({ functionDeclarations: [{ name: TOOL.name, parametersJsonSchema: TOOL.schema }] }),
  callTool: (calls) =>
    Promise.resolve(
      calls.map(({ id, name, args }) => ({
        functionResponse: { ...(id && { id }), name: name ?? '', response: { output: weatherOf(args) } }
      }))
    )
}

describe.each(VENDORS.filter((vendor) => vendor !== gemini))('Google’s SDK on a channel of $protocol', (vendor) => {
  test('calls two functions of a streamed answer by itself, each chunk of it a content', async () => {
    const { upstream, complaints, gateway } = await start(vendor)
    const client = new GoogleGenAI({ apiKey: gateway.key, httpOptions: { baseUrl: gateway.url } })
    const thinkingConfig = { includeThoughts: true, thinkingBudget: 1024 }
    const chat = client.chats.create({ model: gemini.model, config: { tools: [tool], thinkingConfig } })
    let text = ''
    for await (const chunk of await chat.sendMessageStream({ message: QUESTION })) text += chunk.text ?? ''
    expect(complaints).toEqual([])
    expect(text).toContain('Both are as warm.')
    expect(upstream.requests).toHaveLength(2)
  })
})

const use = (id: string, place: string): Anthropic.MessageParam => ({
  role: 'assistant',
  content: [{ type: 'tool_use', id, name: TOOL.name, input: { place } }]
})
const result = (tool_use_id: string): Anthropic.MessageParam => ({
  role: 'user',
  content: [{ type: 'tool_result', tool_use_id, content: '21 °C' }]
})

test.each(VENDORS.filter((vendor) => vendor !== anthropic))(
  'an answer that an Anthropic client keeps in two messages is one to a channel of $protocol',
  async (vendor) => {
    const { complaints, gateway } = await start(vendor)
    const client = new Anthropic({ baseURL: gateway.url, apiKey: gateway.key, maxRetries: 0 })
    await client.messages.create({
      model: anthropic.model,
      max_tokens: 1024,
      tools: [{ name: TOOL.name, input_schema: TOOL.schema }],
      messages: [
        { role: 'user', content: QUESTION },
        use('toolu_1', 'Bern'),
        use('toolu_2', 'Zürich'),
        result('toolu_1'),
        result('toolu_2')
      ]
    })
    expect(complaints).toEqual([])
  }
)
