import { describe, expect, it } from 'vitest'
import { ANSWER_BYTES, jsonAnswer, messagesRequest, MODEL, streamBytes, streamEvents } from './payloads.ts'

describe('the payloads', () => {
  it.each([2048, 120 * 1024, 1024 * 1024])('make a request of exactly %i bytes, as valid JSON', (bytes) => {
    const body = messagesRequest({ model: MODEL, stream: true, bytes })
    expect(body).toHaveLength(bytes)
    const { messages } = JSON.parse(body.toString()) as { messages: { role: string }[] }
    expect(messages.at(-1)?.role).toBe('user')
    expect(messages.map(({ role }) => role)).toEqual(messages.map((_, index) => (index % 2 ? 'assistant' : 'user')))
  })

  it('say model and stream first, by which the upstream knows what to answer', () => {
    const head = messagesRequest({ model: MODEL, stream: true, bytes: 2048 }).toString().slice(0, 80)
    expect(head).toContain(`{"model":"${MODEL}","stream":true`)
  })

  it('make an answer of exactly 1 KB', () => {
    expect(jsonAnswer()).toHaveLength(ANSWER_BYTES)
  })

  it('make a stream of whole events with one delta a write', () => {
    const events = streamEvents(MODEL, 3)
    expect(events).toHaveLength(5)
    for (const bytes of events) expect(bytes.toString().endsWith('\n\n')).toBe(true)
    expect(streamBytes(MODEL, 3)).toBe(Buffer.concat(events).length)
  })
})
