import { expect } from 'vitest'
import { readEvents } from '../../sse'
import type { Heard, Json } from './heard'

interface Block {
  readonly type: string
  readonly text?: string
  readonly thinking?: string
  readonly signature?: string
  readonly id?: string
  readonly name?: string
  readonly input?: unknown
}
interface Message {
  readonly type: string
  readonly role: string
  readonly model: string
  readonly content: readonly Block[]
  readonly stop_reason: string | null
  readonly stop_details?: { readonly explanation: string | null } | null
  readonly usage: Json
}

export function hearMessage(body: Json): Heard {
  const message = body as unknown as Message
  expect(message).toMatchObject({ type: 'message', role: 'assistant', id: expect.stringMatching(/^msg_/) as string })
  const join = (type: string, member: 'text' | 'thinking'): string =>
    message.content.map((block) => (block.type === type ? (block[member] ?? '') : '')).join('')
  return {
    text: join('text', 'text'),
    thinking: join('thinking', 'thinking'),
    signatures: message.content.flatMap(({ type, signature }) => (type === 'thinking' ? [signature ?? ''] : [])),
    calls: message.content.flatMap(({ type, id = '', name = '', input }) =>
      type === 'tool_use' ? [{ id, name, arguments: input }] : []
    ),
    refusal: message.stop_reason === 'refusal' ? (message.stop_details?.explanation ?? join('text', 'text')) : null,
    stop: message.stop_reason,
    usage: message.usage,
    model: message.model
  }
}

interface Event {
  readonly type: string
  readonly index: number
  readonly message: Message
  readonly content_block: Block
  readonly delta: Json & {
    readonly type: string
    readonly stop_reason: string | null
    readonly stop_details?: Message['stop_details']
  }
  readonly usage: Json
}

/** Puts the message together as the vendor's SDK does, and is stricter about order. */
export function hearMessageStream(stream: string): Heard {
  const events = readEvents(stream).map(({ name, data }) => {
    const event = JSON.parse(data) as Event
    expect(name, 'the event’s line says its type').toBe(event.type)
    return event
  })
  const told = events.filter(({ type }) => type !== 'ping')
  const [start] = told
  const end = told.at(-2)
  expect([start?.type, end?.type, told.at(-1)?.type]).toEqual(['message_start', 'message_delta', 'message_stop'])
  const content = readBlocks(told.slice(1, -2))
  const usage = { ...start?.message.usage, ...end?.usage }
  return hearMessage({
    ...start?.message,
    content,
    stop_reason: end?.delta.stop_reason,
    stop_details: end?.delta.stop_details,
    usage
  })
}

function readBlocks(events: readonly Event[]): readonly Record<string, unknown>[] {
  const content: Record<string, unknown>[] = []
  let open: Record<string, unknown> | null = null
  for (const { type, index, content_block: begun, delta } of events) {
    expect(index).toBe(type === 'content_block_start' ? content.length : content.length - 1)
    expect(open === null, 'blocks follow one another').toBe(type === 'content_block_start')
    if (type === 'content_block_start') {
      open = { ...begun, json: '' }
      content.push(open)
    } else if (type === 'content_block_stop') {
      if (open?.['type'] === 'tool_use') open['input'] = JSON.parse((open['json'] as string) || '{}')
      open = null
    } else if (open !== null) addDelta(open, delta)
  }
  expect(open, 'every block is ended').toBeNull()
  return content
}

const MEMBERS: Readonly<Record<string, readonly [string, string]>> = {
  text_delta: ['text', 'text'],
  thinking_delta: ['thinking', 'thinking'],
  signature_delta: ['signature', 'signature'],
  input_json_delta: ['partial_json', 'json']
}

function addDelta(block: Record<string, unknown>, delta: Json & { readonly type: string }): void {
  const [from = '', to = ''] = MEMBERS[delta.type] ?? []
  if (to !== '') block[to] = `${String(block[to])}${String(delta[from])}`
}
