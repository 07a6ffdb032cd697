import { expect } from 'vitest'
import { readEvents } from '../../sse'
import type { Heard, Json } from './heard'

interface Call {
  readonly index: number
  readonly id?: string
  readonly function: { readonly name?: string; readonly arguments?: string }
}
interface Message {
  readonly content?: string | null
  readonly refusal?: string | null
  readonly reasoning_content?: string
  readonly tool_calls?: readonly Call[]
  readonly extra_content?: { readonly routex?: { readonly signature: string } }
}
interface Completion {
  readonly id: string
  readonly object: string
  readonly model: string
  readonly choices: readonly {
    readonly message: Message
    readonly delta: Message
    readonly finish_reason: string | null
  }[]
  readonly usage?: Json | null
}

const signaturesOf = (holder: unknown): readonly string[] => {
  const extra = (holder as Message).extra_content
  return extra?.routex === undefined ? [] : extra.routex.signature.split('\n')
}

export function hearChat(body: Json): Heard {
  const { object, id, choices, usage, model } = body as unknown as Completion
  expect(object).toBe('chat.completion')
  expect(id).toMatch(/^chatcmpl-/)
  const [choice] = choices
  const message = choice?.message ?? {}
  return {
    text: message.content ?? '',
    thinking: message.reasoning_content ?? '',
    signatures: [message, ...(message.tool_calls ?? [])].flatMap(signaturesOf),
    calls: (message.tool_calls ?? []).map(({ id: callId = '', function: called }) => ({
      id: callId,
      name: called.name ?? '',
      arguments: JSON.parse(called.arguments ?? '') as unknown
    })),
    refusal: message.refusal ?? null,
    stop: choice?.finish_reason ?? null,
    usage: usage ?? null,
    model
  }
}

export function hearChatStream(stream: string): Heard {
  const datas = readEvents(stream).map(({ data }) => data)
  expect(datas.at(-1), 'the stream’s end').toBe('[DONE]')
  const chunks = datas.slice(0, -1).map((data) => JSON.parse(data) as Completion)
  for (const { object, id } of chunks) {
    expect(object).toBe('chat.completion.chunk')
    expect(id).toBe(chunks[0]?.id)
  }
  const deltas = chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta))
  const join = (member: 'content' | 'refusal' | 'reasoning_content'): string =>
    deltas.map((delta) => delta[member] ?? '').join('')
  const stops = chunks.flatMap(({ choices }) => choices.flatMap(({ finish_reason }) => finish_reason ?? []))
  expect(stops, 'one stop reason').toHaveLength(1)
  const message = {
    content: join('content'),
    refusal: join('refusal') || null,
    reasoning_content: join('reasoning_content'),
    tool_calls: callsIn(deltas)
  }
  const heard = hearChat({
    ...chunks[0],
    object: 'chat.completion',
    choices: [{ message, finish_reason: stops[0] }],
    usage: chunks.at(-1)?.usage
  })
  return { ...heard, signatures: deltas.flatMap((delta) => [delta, ...(delta.tool_calls ?? [])].flatMap(signaturesOf)) }
}

function callsIn(deltas: readonly Message[]): readonly Call[] {
  const calls: { index: number; id: string; function: { name: string; arguments: string } }[] = []
  for (const { index, id, function: called } of deltas.flatMap(({ tool_calls }) => tool_calls ?? [])) {
    if (id !== undefined) {
      expect(index, 'calls are told one after the other').toBe(calls.length)
      calls.push({ index, id, function: { name: called.name ?? '', arguments: '' } })
    }
    expect(index, 'arguments are of the last call').toBe(calls.length - 1)
    const last = calls.at(-1)
    if (last) last.function.arguments += called.arguments ?? ''
  }
  return calls
}
