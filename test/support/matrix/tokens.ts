import type { ProtocolId } from '../../../src/shared/protocol'
import type { Json } from '../vendors/heard/heard'
import type { Tokens } from './feature'

type Read = (name: string, inside?: string) => number

/** B31, by each vendor's page of its usage object; nothing of Routex is asked. */
const READERS: Readonly<Record<ProtocolId, (read: Read) => Tokens>> = {
  anthropic: (read) => ({
    input: read('input_tokens'),
    cacheRead: read('cache_read_input_tokens'),
    cacheWrite: read('cache_creation_input_tokens'),
    output: read('output_tokens'),
    reasoning: read('thinking_tokens', 'output_tokens_details')
  }),
  'openai-chat': (read) => ({
    ...promptOf(read, 'prompt_tokens'),
    output: read('completion_tokens'),
    reasoning: read('reasoning_tokens', 'completion_tokens_details')
  }),
  'openai-responses': (read) => ({
    ...promptOf(read, 'input_tokens'),
    output: read('output_tokens'),
    reasoning: read('reasoning_tokens', 'output_tokens_details')
  }),
  gemini: (read) => ({
    input: read('promptTokenCount') - read('cachedContentTokenCount'),
    cacheRead: read('cachedContentTokenCount'),
    cacheWrite: 0,
    output: read('candidatesTokenCount') + read('thoughtsTokenCount'),
    reasoning: read('thoughtsTokenCount')
  })
}

/** OpenAI counts the whole prompt. */
function promptOf(read: Read, name: string): Pick<Tokens, 'input' | 'cacheRead' | 'cacheWrite'> {
  const cacheRead = read('cached_tokens', `${name}_details`)
  const cacheWrite = read('cache_write_tokens', `${name}_details`)
  return { input: read(name) - cacheRead - cacheWrite, cacheRead, cacheWrite }
}

/** What a client counts of the usage that it was told; null where it was told none. */
export function tokensIn(client: ProtocolId, usage: Json | null): Tokens | null {
  if (usage === null) return null
  const read: Read = (name, inside) => {
    const holder = inside === undefined ? usage : (usage[inside] as Json | undefined)
    return (holder?.[name] as number | undefined) ?? 0
  }
  return READERS[client](read)
}
