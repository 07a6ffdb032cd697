import { expect } from 'vitest'
import { readEvents } from '../../sse'
import type { Heard, Json } from './heard'

interface Part {
  readonly text?: string
  readonly thought?: boolean
  readonly thoughtSignature?: string
  readonly functionCall?: { readonly id?: string; readonly name: string; readonly args: unknown }
}
interface Response {
  readonly candidates: readonly {
    readonly content?: { readonly role: string; readonly parts: readonly Part[] }
    readonly finishReason?: string
    readonly finishMessage?: string
  }[]
  readonly usageMetadata?: Json
  readonly modelVersion: string
}

export const hearGemini = (body: Json): Heard => hearAll([body as unknown as Response])

/** Each chunk is a response of its own; nothing but `data:` may stand in the stream. */
export function hearGeminiStream(stream: string): Heard {
  const events = readEvents(stream)
  expect(events.every(({ name }) => name === null)).toBe(true)
  expect(stream).not.toContain('[DONE]')
  const responses = events.map(({ data }) => JSON.parse(data) as Response)
  const stops = responses.map(({ candidates }) => candidates[0]?.finishReason)
  expect(
    stops.slice(0, -1).every((stop) => stop === undefined),
    'only the last chunk stops'
  ).toBe(true)
  return hearAll(responses)
}

function hearAll(responses: readonly Response[]): Heard {
  const parts = responses.flatMap(({ candidates }) => candidates[0]?.content?.parts ?? [])
  const stop = responses.at(-1)?.candidates[0]?.finishReason ?? null
  expect(stop, 'the stream’s end').not.toBeNull()
  const join = (isThought: boolean): string =>
    parts.map(({ text, thought = false }) => (thought === isThought ? (text ?? '') : '')).join('')
  return {
    text: join(false),
    thinking: join(true),
    signatures: parts.flatMap(({ thoughtSignature }) => thoughtSignature ?? []),
    calls: parts.flatMap(({ functionCall }) =>
      functionCall === undefined
        ? []
        : [{ id: functionCall.id ?? '', name: functionCall.name, arguments: functionCall.args }]
    ),
    refusal: stop === 'SAFETY' ? (responses.at(-1)?.candidates[0]?.finishMessage ?? join(false)) : null,
    stop,
    usage: responses.at(-1)?.usageMetadata ?? null,
    model: responses.at(-1)?.modelVersion ?? ''
  }
}
