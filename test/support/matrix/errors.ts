import { expect } from 'vitest'
import type { ProtocolId } from '../../../src/shared/protocol'
import type { RawAnswer } from '../raw-client'
import { readEvents } from '../sse'
import { vendorOf } from './gateway'

/** One that a vendor has, and what its client is told it with. */
interface Failure {
  readonly status: number
  readonly heard: number
}

/** Only Anthropic has 529; to others it is 503. What is the client's own fault, what passes by itself, what is broken. */
export const failuresBetween = (client: ProtocolId, channel: ProtocolId): readonly Failure[] => [
  { status: 400, heard: 400 },
  { status: 429, heard: 429 },
  channel === 'anthropic' ? { status: 529, heard: client === 'anthropic' ? 529 : 503 } : { status: 503, heard: 503 }
]

type Shape = (status: number, words: string) => object

const openAi: Shape = (_status, words) => ({
  error: expect.objectContaining({ message: words, type: expect.any(String) as string }) as object
})

/** An error as its vendor's SDK wants it, with these words. */
const SHAPES: Readonly<Record<ProtocolId, Shape>> = {
  anthropic: (_status, words) => ({
    type: 'error',
    error: { type: expect.stringMatching(/_error$/) as string, message: words }
  }),
  'openai-chat': openAi,
  'openai-responses': openAi,
  gemini: (status, words) => ({
    error: { code: status, message: words, status: expect.stringMatching(/^[A-Z_]+$/) as string }
  })
}

export function expectError(client: ProtocolId, answer: RawAnswer, status: number, words: string): void {
  expect(answer.status).toBe(status)
  expect(answer.json()).toMatchObject(SHAPES[client](status, words))
}

/** A stream that breaks with the vendor's own error event after its first words. */
export function brokenEvents(channel: ProtocolId, text: string, words: string): readonly string[] {
  const vendor = vendorOf(channel)
  const events = vendor.events({ text })
  return [...events.slice(0, vendor.firstContent + 1), BREAKS[channel](words)]
}

const BREAKS: Readonly<Record<ProtocolId, (words: string) => string>> = {
  anthropic: (message) =>
    `event: error\ndata: ${JSON.stringify({ type: 'error', error: { type: 'overloaded_error', message } })}\n\n`,
  'openai-chat': (message) =>
    `data: ${JSON.stringify({ error: { message, type: 'server_error', param: null, code: null } })}\n\n`,
  'openai-responses': (message) =>
    `event: error\ndata: ${JSON.stringify({ type: 'error', code: 'server_error', message, param: null, sequence_number: 9 })}\n\n`,
  gemini: (message) => `data: ${JSON.stringify({ error: { code: 503, message, status: 'UNAVAILABLE' } })}\n\n`
}

/** B02: what makes a client see that its answer is not whole. */
export function expectBroken(client: ProtocolId, answer: RawAnswer, words: string): void {
  const last = readEvents(answer.text).at(-1)
  switch (client) {
    case 'anthropic':
      expect(answer.complete).toBe(false)
      expect(answer.text).not.toMatch(/message_stop|stop_reason":"/)
      return
    case 'openai-chat':
      expect(answer.complete).toBe(false)
      expect(JSON.parse(last?.data ?? '')).toMatchObject({
        error: { message: expect.stringContaining(words) as string }
      })
      return
    case 'openai-responses':
      expect(answer.complete).toBe(false)
      expect(last?.name).toBe('response.failed')
      expect(last?.data).toContain(words)
      return
    case 'gemini':
      expect(answer.complete).toBe(true)
      expect(answer.text).not.toContain('finishReason')
  }
}
