import type { ProtocolId } from '../../../src/shared/protocol'
import { listIn, memberOf, objectIn, parseJson, textIn } from '../../../src/main/protocols/foreign-json'
import type { RecordedRequest, Script } from '../fake-upstream'
import { json, stream } from '../scripts'
import { anthropicSignature } from '../vendors/anthropic'
import type { Content } from '../vendors/content'
import type { Vendor } from '../vendors/vendors'

/** The three answers of the loop: two calls that were thought about, and the end. */
const ANSWERS: readonly Content[] = [
  { text: 'First Bern.', thinking: 'I need both.', tool: { name: 'get_weather', arguments: { place: 'Bern' } } },
  { text: 'Now Zürich.', thinking: 'One to go.', tool: { name: 'get_weather', arguments: { place: 'Zürich 🏔' } } },
  { text: 'Both are as warm.' }
]

/** The vendors' own ids and signatures, the same in each of their ready-made answers. */
const OWN = /msg_01FakeUpstream|toolu_01Fake|call_fake|gAAAAABfake|ZmFrZSBzaWduYXR1cmU=/g
/** Told apart from one answer to the next. */
const numbered = (text: string, round: number): string =>
  text.replaceAll(OWN, (own) => `${own.replace('=', '')}${round}`)

/** Answers the loop in the vendor's own form, streamed or whole as it is asked. */
export function loopScripts(vendor: Vendor): readonly Script[] {
  return ANSWERS.map((content, index) => (exchange) => {
    const { target, body } = exchange.request
    const isStream = target.includes(':stream') || /"stream"\s*:\s*true/.test(body.toString())
    const script = isStream
      ? stream(vendor.events(content).map((event) => numbered(event, index + 1)))
      : json(200, parseJson(numbered(JSON.stringify(vendor.answer(content)), index + 1)))
    return script(exchange)
  })
}

/** The vendors' signatures of the first two answers, as `loopScripts` sends them. */
export const SIGNATURES: Readonly<Record<ProtocolId, readonly string[]>> = {
  anthropic: ['I need both.', 'One to go.'].map(anthropicSignature),
  'openai-chat': [],
  'openai-responses': ['gAAAAABfake1', 'gAAAAABfake2'],
  gemini: ['ZmFrZSBzaWduYXR1cmU1', 'ZmFrZSBzaWduYXR1cmU2']
}

/** What an upstream was told of the conversation so far, in order. */
export interface History {
  readonly calls: readonly { readonly id: string; readonly name: string; readonly input: unknown }[]
  readonly results: readonly { readonly id: string; readonly text: string }[]
  readonly signatures: readonly string[]
  /** Texts beside a signature of another, where the vendor binds them. */
  readonly unbound: readonly string[]
}

/** Reads what came in the vendor's own words. */
export const historyOf = (vendor: Vendor, { body }: RecordedRequest): History =>
  READERS[vendor.protocol](parseJson(body.toString()))

const READERS: Readonly<Record<ProtocolId, (body: unknown) => History>> = {
  anthropic: (body) => {
    const blocks = listIn(body, 'messages').flatMap((message) => listIn(message, 'content'))
    return {
      calls: ofType(blocks, 'tool_use').map((block) => ({ ...called(block, 'id'), input: memberOf(block, 'input') })),
      results: ofType(blocks, 'tool_result').map((block) => resultOf(block, 'tool_use_id', 'content')),
      signatures: ofType(blocks, 'thinking').map((block) => String(textIn(block, 'signature'))),
      unbound: ofType(blocks, 'thinking')
        .filter((block) => textIn(block, 'signature') !== anthropicSignature(textIn(block, 'thinking') ?? ''))
        .map((block) => String(textIn(block, 'thinking')))
    }
  },
  'openai-chat': (body) => {
    const messages = listIn(body, 'messages')
    const calls = messages.flatMap((message) => listIn(message, 'tool_calls'))
    const tools = messages.filter((message) => textIn(message, 'role') === 'tool')
    return {
      calls: calls.map((call) => ({
        id: String(textIn(call, 'id')),
        name: String(textIn(objectIn(call, 'function'), 'name')),
        input: parseJson(String(textIn(objectIn(call, 'function'), 'arguments')))
      })),
      results: tools.map((message) => resultOf(message, 'tool_call_id', 'content')),
      signatures: [],
      unbound: []
    }
  },
  'openai-responses': (body) => {
    const items = listIn(body, 'input')
    return {
      calls: ofType(items, 'function_call').map((item) => ({
        ...called(item, 'call_id'),
        input: parseJson(String(textIn(item, 'arguments')))
      })),
      results: ofType(items, 'function_call_output').map((item) => resultOf(item, 'call_id', 'output')),
      signatures: ofType(items, 'reasoning').map((item) => String(textIn(item, 'encrypted_content'))),
      unbound: []
    }
  },
  gemini: (body) => {
    const parts = listIn(body, 'contents').flatMap((content) => listIn(content, 'parts'))
    const of = (name: string) => parts.flatMap((part) => objectIn(part, name) ?? [])
    // It pairs them by their order where there are no ids.
    const idAt = (part: unknown, at: number): string => textIn(part, 'id') ?? `number ${at}`
    return {
      calls: of('functionCall').map((call, at) => ({
        id: idAt(call, at),
        name: String(textIn(call, 'name')),
        input: memberOf(call, 'args')
      })),
      results: of('functionResponse').map((result, at) => ({
        id: idAt(result, at),
        text: String(textIn(objectIn(result, 'response'), 'output'))
      })),
      signatures: parts.flatMap((part) => textIn(part, 'thoughtSignature') ?? []),
      unbound: []
    }
  }
}

const ofType = (list: readonly unknown[], type: string): readonly unknown[] =>
  list.filter((one) => textIn(one, 'type') === type)

const called = (call: unknown, id: string) => ({ id: String(textIn(call, id)), name: String(textIn(call, 'name')) })

/** A text, or a list whose first part is one. */
const resultOf = (result: unknown, id: string, content: string) => ({
  id: String(textIn(result, id)),
  text: textIn(result, content) ?? String(textIn(listIn(result, content)[0], 'text'))
})
