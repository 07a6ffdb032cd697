import { describe, expect, test } from 'vitest'
import type { Quirks } from '../../../shared/quirks'
import type { HostedTool, ReasoningWish, Tool } from '../canonical'
import { Losses } from '../losses'
import {
  decodeReasoning,
  decodeReasoningItem,
  encodeReasoning,
  encodeReasoningInput,
  encodeReasoningOutput,
  mayReason
} from './reasoning'

describe('how much a client wants reasoned', () => {
  const wish = (reasoning: unknown) => {
    const losses = new Losses()
    return [decodeReasoning({ reasoning }, losses), losses.toString()]
  }

  test.each([
    [undefined, null],
    [null, null],
    [{}, null],
    [{ effort: 'none', summary: 'auto' }, { kind: 'off' }],
    [{ effort: 'xhigh' }, { kind: 'effort', effort: 'xhigh', shown: null }],
    [
      { effort: 'low', summary: 'concise' },
      { kind: 'effort', effort: 'low', shown: true }
    ],
    [{ summary: 'auto' }, { kind: 'adaptive', shown: true }],
    [
      { effort: null, generate_summary: 'auto' },
      { kind: 'adaptive', shown: true }
    ]
  ])('%j is %j', (reasoning, expected) => {
    expect(wish(reasoning)).toEqual([expected, ''])
  })

  test('in a mode that no other vendor has is told, the usual one is not', () => {
    expect(wish({ effort: 'high', mode: 'pro' })).toEqual([
      { kind: 'effort', effort: 'high', shown: null },
      'reasoning (mode pro)'
    ])
    expect(wish({ mode: 'standard' })).toEqual([null, ''])
  })

  test('by an effort of the future is left to the model, and told', () => {
    expect(wish({ effort: 'ultra' })).toEqual([{ kind: 'adaptive', shown: null }, 'reasoning (ultra)'])
  })
})

describe('how much an upstream is told to reason', () => {
  function sent(wish: ReasoningWish | null, model: string, quirks: Quirks = {}, tools: readonly Tool[] = []) {
    const losses = new Losses()
    return [encodeReasoning(wish, tools, { model, stream: true, quirks }, losses), losses.toString()]
  }
  const effort = (name: 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max', shown: boolean | null = null) =>
    ({ kind: 'effort', effort: name, shown }) as const

  test.each<[string, ReasoningWish | null, { readonly effort?: string; readonly summary?: string } | null]>([
    ['gpt-5', effort('max'), { effort: 'high' }],
    ['gpt-5-mini', effort('minimal'), { effort: 'minimal' }],
    ['gpt-5-codex', effort('minimal'), { effort: 'low' }],
    ['gpt-5-pro', effort('low'), { effort: 'high' }],
    ['gpt-5.1', effort('minimal'), { effort: 'low' }],
    ['gpt-5.1-codex-max', effort('xhigh'), { effort: 'xhigh' }],
    ['openai/gpt-5.4', effort('max', true), { effort: 'xhigh', summary: 'auto' }],
    ['o4-mini', effort('xhigh'), { effort: 'high' }],
    ['grok-4', effort('xhigh'), { effort: 'high' }],
    ['gpt-5.2', { kind: 'budget', tokens: 4000, shown: true }, { effort: 'low', summary: 'auto' }],
    ['gpt-5.2', { kind: 'adaptive', shown: null }, null],
    ['gpt-5.2', { kind: 'adaptive', shown: true }, { summary: 'auto' }],
    ['gpt-5.2', { kind: 'off' }, { effort: 'none' }],
    ['gpt-5.2', null, null]
  ])('%s: %j is %j', (model, wish, expected) => {
    const [request, losses] = sent(wish, model)
    const isOther = wish?.kind === 'effort' && wish.effort !== expected?.effort
    expect(request).toEqual(expected)
    expect(losses).toBe(isOther ? `reasoning (${wish.effort} -> ${String(expected?.effort)})` : '')
  })

  test('is the least that it takes where it can not be switched off', () => {
    expect(sent({ kind: 'off' }, 'gpt-5')).toEqual([{ effort: 'minimal' }, 'reasoning (off -> minimal)'])
    for (const version of ['5', '5.1', '5.2', '5.3']) {
      for (const kind of ['', '-mini', '-max']) {
        const codex = sent({ kind: 'off' }, `gpt-${version}-codex${kind}`)
        expect(codex).toEqual([{ effort: 'low' }, 'reasoning (off -> low)'])
      }
    }
    expect(sent({ kind: 'off' }, 'o3')).toEqual([{ effort: 'low' }, 'reasoning (off -> low)'])
    expect(sent({ kind: 'off' }, 'unknown')).toEqual([null, 'reasoning (off -> default)'])
  })

  test('is little for a short answer of a client whose silence means none, where the model is known to reason', () => {
    const unsaid = { kind: 'off', unsaid: true } as const
    expect(sent(unsaid, 'gpt-5')).toEqual([{ effort: 'minimal' }, 'reasoning (off -> minimal)'])
    expect(sent(unsaid, 'gpt-5.1')).toEqual([{ effort: 'none' }, ''])
    expect(sent(unsaid, 'gpt-4.1')).toEqual([null, ''])
    expect(sent(unsaid, 'o1-mini')).toEqual([null, ''])
    expect(sent(unsaid, 'unknown')).toEqual([null, ''])
  })

  test('is more than minimal beside tools of the vendor, which refuse that', () => {
    const hosted = (tool: HostedTool['tool']): readonly Tool[] => [
      { kind: 'hosted', tool, allowedDomains: [], blockedDomains: [] }
    ]
    const search = hosted('web_search')
    expect(sent({ kind: 'off' }, 'gpt-5', {}, search)).toEqual([{ effort: 'low' }, 'reasoning (off -> low)'])
    expect(sent(effort('minimal'), 'gpt-5-mini', {}, hosted('code_execution'))).toEqual([
      { effort: 'low' },
      'reasoning (minimal -> low)'
    ])
    expect(sent(effort('minimal'), 'x', { efforts: ['minimal', 'high'] }, search)[0]).toEqual({ effort: 'high' })
    expect(sent({ kind: 'off' }, 'gpt-5.1', {}, search)).toEqual([{ effort: 'none' }, ''])
    // Which is not sent.
    expect(sent(effort('minimal'), 'gpt-5', {}, hosted('web_fetch'))).toEqual([{ effort: 'minimal' }, ''])
  })

  test('is nothing for models that don’t reason, or can’t be asked', () => {
    expect(sent(effort('low'), 'gpt-4.1')).toEqual([null, 'reasoning'])
    expect(sent({ kind: 'off' }, 'gpt-4.1')).toEqual([null, ''])
    expect(sent(effort('low'), 'x', { reasoningControl: 'none' })).toEqual([null, 'reasoning'])
    expect(sent(effort('low'), 'x', { effortModels: ['y'] })).toEqual([null, 'reasoning'])
    expect(sent(effort('low'), 'x', { effortModels: ['x'] })).toEqual([{ effort: 'low' }, ''])
    expect(['gpt-4o', 'gpt-5-chat-latest', 'o3', 'gpt-5.2', 'qwen3'].map(mayReason)).toEqual([
      false,
      false,
      true,
      true,
      true
    ])
  })

  test('is one of the efforts that a channel names', () => {
    expect(sent(effort('high'), 'x', { efforts: ['low', 'medium'] })).toEqual([
      { effort: 'medium' },
      'reasoning (high -> medium)'
    ])
  })
})

describe('reasoning that comes back', () => {
  const own = {
    type: 'reasoning',
    id: 'rs_1',
    summary: [{ type: 'summary_text', text: 'a' }],
    encrypted_content: 'g:A'
  }

  test('of this vendor keeps the id that it is encrypted for', () => {
    const part = decodeReasoningItem(own)
    expect(part).toEqual({ type: 'reasoning', text: 'a', signature: { maker: 'openai-responses', value: 'rs_1:g:A' } })
    if (part === null) return
    expect(encodeReasoningInput(part)).toEqual(own)
    expect(encodeReasoningOutput(part, 'rs_other')).toEqual(own)
  })

  test('without its id is sent back without one', () => {
    const part = decodeReasoningItem({ ...own, id: undefined })
    expect(part?.signature?.value).toBe(':g:A')
    expect(part === null ? null : encodeReasoningInput(part)).not.toHaveProperty('id')
  })

  test('of another vendor is wrapped for the client and known again', () => {
    const signature = { maker: 'anthropic', value: 'EqQB' } as const
    const item = encodeReasoningOutput({ type: 'reasoning', text: '', signature }, 'rs_9')
    expect(item).toEqual({ id: 'rs_9', type: 'reasoning', summary: [], encrypted_content: 'routex:anthropic:EqQB' })
    expect(decodeReasoningItem({ ...item })).toEqual({ type: 'reasoning', text: '', signature })
    expect(encodeReasoningInput({ type: 'reasoning', text: 'x', signature })).toBeNull()
    expect(encodeReasoningInput({ type: 'reasoning', text: 'x', signature: null })).toBeNull()
  })

  test('that nobody signed is marked for the client, and known again', () => {
    const part = { type: 'reasoning', text: 'Hm', signature: null } as const
    const item = encodeReasoningOutput(part, 'rs_9')
    expect(item).toMatchObject({ encrypted_content: 'routex:unsigned' })
    expect(decodeReasoningItem({ ...item })).toEqual(part)
  })

  test('of open models is told in the content, and nothing at all is no part', () => {
    const content = [{ type: 'reasoning_text', text: 'openly' }]
    expect(decodeReasoningItem({ type: 'reasoning', summary: [], content })).toMatchObject({ text: 'openly' })
    expect(decodeReasoningItem({ type: 'reasoning', summary: [] })).toBeNull()
  })
})
