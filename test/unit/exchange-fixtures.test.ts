import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { protocols } from '../../src/main/protocols/registry'
import { PROTOCOLS, type ProtocolId } from '../../src/shared/protocol'

const folder = join(import.meta.dirname, '..', 'fixtures', 'translation')
const read = (protocol: ProtocolId, file: string): Promise<Buffer> => readFile(join(folder, protocol, file))

/** What each row of a `sources.md` names, and from where it is. */
async function sourcesOf(protocol: ProtocolId): Promise<ReadonlyMap<string, string>> {
  const text = (await read(protocol, 'sources.md')).toString()
  const sources = new Map<string, string>()
  for (const line of text.split('\n').filter((one) => one.startsWith('| `'))) {
    const [, files = '', page = ''] = line.split('|')
    for (const [, file = ''] of files.matchAll(/`([^`]+)`/g)) sources.set(file, page)
  }
  return sources
}

/** Where a vendor publishes it; what a client sends is its own source, and so is a file that repeats another in other names. */
const SOURCE = /https:\/\/|Claude Code|Gemini CLI|Codex|the same/

/** At least one of each kind: its answer whole, or streamed. */
const KINDS: Readonly<Record<ProtocolId, readonly (readonly string[])[]>> = {
  anthropic: [['answer.json'], ['text.sse'], ['tools.sse'], ['thinking.sse'], ['refusal.sse', 'answer-refusal.json']],
  'openai-chat': [['answer.json'], ['text.sse'], ['tools.sse'], ['deepseek-reasoning.sse', 'deepseek-reasoning.json']],
  'openai-responses': [
    ['parallel-tools.sse', 'parallel-tools.json'],
    ['reasoning.sse', 'reasoning.json']
  ],
  gemini: [['answer.json'], ['stream-text.sse'], ['stream-tool.sse'], ['stream-thinking.sse']]
}

describe.each(PROTOCOLS)('recorded exchanges of %s', (protocol) => {
  test('each names where it is from, and nothing else is named', async () => {
    const files = (await readdir(join(folder, protocol))).filter((file) => file !== 'sources.md')
    const sources = await sourcesOf(protocol)
    expect([...sources.keys()].sort()).toEqual(files.sort())
    for (const [file, page] of sources) expect(page, file).toMatch(SOURCE)
  })

  test('text, tools, thinking and an error are among them', async () => {
    const sources = await sourcesOf(protocol)
    for (const file of [...KINDS[protocol].flat(), 'error.json', 'error.sse'])
      expect([...sources.keys()]).toContain(file)
  })

  test('the error is the upstream’s trouble, so that another channel is asked', async () => {
    const status = STATUSES[protocol]
    const verdict = protocols[protocol].judge(status, {}, await read(protocol, 'error.json'), 0)
    expect(['busy', 'failure']).toContain(verdict.kind)
  })

  test('an error in a stream is found behind the words that came, and no end', async () => {
    const options = { framing: 'sse', sent: 'sse', operation: 'generate', dropUsageChunk: false } as const
    const reader = protocols[protocol].createStreamReader(options)
    reader.push(await read(protocol, 'error.sse'), () => undefined)
    expect(reader.facts).toMatchObject({ hasContent: true, finished: false })
    expect(reader.facts.error?.status).toBeGreaterThanOrEqual(500)
  })
})

/** What the vendors answer with these bodies. */
const STATUSES: Readonly<Record<ProtocolId, number>> = {
  anthropic: 529,
  'openai-chat': 429,
  'openai-responses': 429,
  gemini: 503
}
