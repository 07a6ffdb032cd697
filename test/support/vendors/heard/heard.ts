import type { ProtocolId } from '../../../../src/shared/protocol'
import { hearMessage, hearMessageStream } from './anthropic'
import { hearGemini, hearGeminiStream } from './gemini'
import { hearChat, hearChatStream } from './openai-chat'
import { hearResponse, hearResponseStream } from './openai-responses'

/** What a client is told, read from its own protocol's bytes by the letter of its vendor's pages, and by nothing of Routex. */
export interface Heard {
  readonly text: string
  readonly thinking: string
  readonly signatures: readonly string[]
  readonly calls: readonly HeardCall[]
  readonly refusal: string | null
  /** In the protocol's own word. */
  readonly stop: string | null
  readonly usage: Json | null
  readonly model: string
}

interface HeardCall {
  /** '' where the protocol has none. */
  readonly id: string
  readonly name: string
  readonly arguments: unknown
}

export type Json = Readonly<Record<string, unknown>>

const READERS: Readonly<Record<ProtocolId, readonly [(body: Json) => Heard, (stream: string) => Heard]>> = {
  anthropic: [hearMessage, hearMessageStream],
  'openai-chat': [hearChat, hearChatStream],
  'openai-responses': [hearResponse, hearResponseStream],
  gemini: [hearGemini, hearGeminiStream]
}

/** @throws where a strict reader would stumble: events out of order, parts that overlap, an end that is missing */
export function hear(protocol: ProtocolId, body: string, streamed: boolean): Heard {
  const [whole, stream] = READERS[protocol]
  return streamed ? stream(body) : whole(JSON.parse(body) as Json)
}
