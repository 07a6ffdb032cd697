import type { ProtocolId } from '../../../src/shared/protocol'
import { RED_PIXEL } from '../pictures'
import { assistant, user, type Ask, type AskPart, type AskTurn } from '../vendors/asks/ask'
import { partsOf, plainTurns, type Feature } from './feature'

/** Every question has these, so that each feature also proves that it does no harm to them. */
export const BASE = { system: 'You are terse.', turns: [user({ text: 'Say hello.' })], maxTokens: 16_384 } as const

export const fine = () => ({ text: 'Hello from upstream.' })
export const hearsFine = () => ({ text: 'Hello from upstream.' })

const WEATHER = {
  name: 'weather',
  description: 'The weather of a place.',
  schema: {
    type: 'object',
    properties: { city: { type: 'string', description: 'Its name.' }, days: { type: 'integer' } },
    required: ['city']
  }
}
const CLOCK = {
  name: 'clock',
  description: 'What time it is.',
  schema: { type: 'object', properties: { zone: { type: 'string' } }, required: ['zone'] }
}
export const TOOLS = [WEATHER, CLOCK]

const PARIS = { name: 'weather', arguments: { city: 'Paris "l’été" \n🏔', days: 3 } }
const UTC = { name: 'clock', arguments: { zone: 'UTC' } }

/** A question of these protocols only. */
const saidBy =
  (protocols: readonly ProtocolId[], said: Partial<Ask>) =>
  (client: ProtocolId): Ask | null =>
    protocols.includes(client) ? { ...BASE, ...said } : null

const ALL: readonly ProtocolId[] = ['anthropic', 'openai-chat', 'openai-responses', 'gemini']
const but = (...left: readonly ProtocolId[]): readonly ProtocolId[] => ALL.filter((one) => !left.includes(one))

/** A wish that the answer does not show. */
function wish(name: Feature['name'], clients: readonly ProtocolId[], said: Partial<Ask>): Feature {
  const members = Object.keys(said).filter((member) => member !== 'tools') as (keyof Ask)[]
  return {
    name,
    ask: saidBy(clients, said),
    answer: fine,
    asked: (ask) => members.map((member) => ask[member]).filter((value) => value !== undefined),
    hears: hearsFine
  }
}

function withPart(
  name: Feature['name'],
  clients: readonly ProtocolId[],
  part: AskPart,
  kind: 'image' | 'pdf'
): Feature {
  return {
    name,
    ask: saidBy(clients, { turns: [user({ text: 'Look at this.' }, part)] }),
    answer: fine,
    asked: (ask) => partsOf(ask, kind),
    hears: hearsFine
  }
}

const call = (id: string, { name, arguments: args }: typeof PARIS | typeof UTC): AskPart => ({
  call: { id, name, arguments: args }
})

const results: readonly AskTurn[] = [
  user({ text: 'Weather and time?' }),
  assistant({ text: 'I look.' }, call('call_1', PARIS), call('call_2', UTC)),
  user(
    { result: { id: 'call_1', name: 'weather', text: 'Sunny.' } },
    { result: { id: 'call_2', name: 'clock', text: 'Error: no such zone', failed: true } },
    { text: 'And?' }
  )
]

/** Only Anthropic and Gemini mark a result as failed; elsewhere its words tell it. */
const withoutMarks = (ask: Ask): readonly AskTurn[] =>
  plainTurns(ask).map(({ role, parts }) => ({
    role,
    parts: parts.map((part) => {
      if (!('result' in part)) return part
      const { failed: _, ...result } = part.result
      return { result }
    })
  }))

const round = (number: number): readonly AskTurn[] => [
  user({ text: `Question ${number}` }),
  assistant({ text: `I look, ${number}.` }, call(`call_${number}`, UTC)),
  user({ result: { id: `call_${number}`, name: 'clock', text: `It is ${number} o’clock.` } }),
  assistant({ text: `Answer ${number}` })
]

const SCHEMA = {
  type: 'object',
  properties: { greeting: { type: 'string' } },
  required: ['greeting'],
  additionalProperties: false
}

const PDF = { base64: Buffer.from('%PDF-1.4\n%%EOF').toString('base64') }

export const REQUEST_FEATURES: readonly Feature[] = [
  {
    name: 'text',
    ask: saidBy(ALL, {}),
    answer: () => ({ text: 'Déjà vu, 你好 🏔' }),
    asked: (ask) => [ask.system, ask.maxTokens, plainTurns(ask)],
    hears: () => ({ text: 'Déjà vu, 你好 🏔' })
  },
  {
    name: 'tools',
    ask: saidBy(ALL, { tools: TOOLS, choice: { name: 'weather' } }),
    answer: () => ({ text: 'I look.', tool: PARIS }),
    asked: ({ tools, choice }) => [tools, choice],
    hears: () => ({ text: 'I look.', calls: [PARIS] })
  },
  {
    name: 'parallel tools',
    ask: saidBy(ALL, { tools: TOOLS, choice: 'required' }),
    answer: () => ({ text: 'I look.', tools: [PARIS, UTC] }),
    asked: ({ tools, choice }) => [tools, choice],
    hears: () => ({ text: 'I look.', calls: [PARIS, UTC] })
  },
  {
    name: 'tool results',
    ask: saidBy(ALL, { tools: TOOLS, turns: results }),
    answer: fine,
    asked: withoutMarks,
    hears: hearsFine
  },
  withPart('image', ALL, { image: { base64: RED_PIXEL } }, 'image'),
  {
    name: 'image in a result',
    ask: saidBy(but('openai-chat'), {
      tools: TOOLS,
      turns: [
        user({ text: 'Look.' }),
        assistant(call('call_1', UTC)),
        user({ result: { id: 'call_1', name: 'clock', text: 'Its face:', image: { base64: RED_PIXEL } } })
      ]
    }),
    answer: fine,
    asked: plainTurns,
    hears: hearsFine
  },
  withPart('PDF', ALL, { pdf: PDF }, 'pdf'),
  withPart('PDF by address', but('openai-chat'), { pdf: { url: 'https://docs.test/a.pdf' } }, 'pdf'),
  {
    name: 'long history',
    ask: saidBy(ALL, {
      tools: TOOLS,
      turns: [...Array.from({ length: 15 }, (_, number) => round(number)).flat(), user({ text: 'And now?' })]
    }),
    answer: fine,
    asked: plainTurns,
    hears: hearsFine
  },
  wish('stop sequences', but('openai-responses'), { stop: ['END', '\n\nHuman:'] }),
  wish('one call at a time', but('gemini'), { tools: TOOLS, serial: true }),
  wish('JSON schema', ALL, { schema: SCHEMA }),
  wish('temperature', ALL, { temperature: 0.5 }),
  wish('top_p', ALL, { topP: 0.5 }),
  wish('top_k', ['anthropic', 'gemini'], { topK: 40 }),
  wish('seed', ['openai-chat', 'gemini'], { seed: 7 }),
  wish('penalties', ['openai-chat', 'gemini'], { presencePenalty: 0.5 }),
  wish('verbosity', ['openai-chat', 'openai-responses'], { verbosity: 'low' }),
  wish('web search', ALL, { webSearch: true })
]
