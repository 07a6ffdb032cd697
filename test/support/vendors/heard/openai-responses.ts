import { expect } from 'vitest'
import { readEvents } from '../../sse'
import type { Heard, Json } from './heard'

interface Item {
  readonly id: string
  readonly type: string
  readonly status?: string
  readonly content?: readonly { readonly type: string; readonly text?: string; readonly refusal?: string }[]
  readonly summary?: readonly { readonly text: string }[]
  readonly encrypted_content?: string
  readonly call_id?: string
  readonly name?: string
  readonly arguments?: string
}
interface Response {
  readonly object: string
  readonly status: string
  readonly incomplete_details: { readonly reason: string } | null
  readonly model: string
  readonly output: readonly Item[]
  readonly output_text: string
  readonly usage?: Json
}

export function hearResponse(body: Json): Heard {
  const response = body as unknown as Response
  const { output, status, incomplete_details: incomplete } = response
  expect(response).toMatchObject({ object: 'response', id: expect.stringMatching(/^resp_/) as string })
  expect(new Set(output.map(({ id }) => id)).size, 'ids of items are unique').toBe(output.length)
  const said = output.flatMap(({ type, content }) => (type === 'message' ? (content ?? []) : []))
  const refusals = said.flatMap(({ refusal }) => refusal ?? [])
  return {
    text: said.map(({ text }) => text ?? '').join(''),
    thinking: output.flatMap(({ summary }) => summary?.map(({ text }) => text) ?? []).join(''),
    signatures: output.flatMap(({ encrypted_content }) => encrypted_content ?? []),
    calls: output.flatMap(({ type, call_id = '', name = '', arguments: args = '' }) =>
      type === 'function_call' ? [{ id: call_id, name, arguments: JSON.parse(args) as unknown }] : []
    ),
    refusal: refusals.length === 0 ? null : refusals.join(''),
    stop: incomplete === null ? status : `${status}: ${incomplete.reason}`,
    usage: response.usage ?? null,
    model: response.model
  }
}

interface Event {
  readonly type: string
  readonly sequence_number: number
  readonly response: Response & Json
  readonly output_index: number
  readonly item: Item
  readonly item_id: string
  readonly delta: string
}

/** The last event repeats the answer: what was told before must be the same. */
export function hearResponseStream(stream: string): Heard {
  const events = readEvents(stream).map(({ name, data }, index) => {
    const event = JSON.parse(data) as Event
    expect(name, 'the event’s line says its type').toBe(event.type)
    expect(event.sequence_number).toBe(index)
    return event
  })
  expect(events[0]?.type).toBe('response.created')
  const last = events.at(-1)
  expect(last?.type, 'the stream’s end').toMatch(/^response\.(?:completed|incomplete)$/)
  const response = last?.response as Response & Json
  const done = events.filter(({ type }) => type === 'response.output_item.done')
  expect(done.map(({ item }) => item)).toEqual(response.output)
  expect(events.filter(({ type }) => type === 'response.output_item.added').map(({ item }) => item.id)).toEqual(
    response.output.map(({ id }) => id)
  )
  const joined = (type: string): string =>
    events.flatMap((event) => (event.type === type ? [event.delta] : [])).join('')
  const heard = hearResponse(response)
  expect(joined('response.output_text.delta')).toBe(heard.text)
  expect(joined('response.reasoning_summary_text.delta')).toBe(heard.thinking)
  expect(joined('response.refusal.delta')).toBe(heard.refusal ?? '')
  expect(joined('response.function_call_arguments.delta')).toBe(
    response.output.map(({ arguments: args }) => args ?? '').join('')
  )
  return heard
}
