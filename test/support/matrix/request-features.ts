import type { ProtocolId } from '../../../src/shared/protocol'
import { RED_PIXEL } from '../pictures'
import { assistant, user, type Ask, type AskPart, type AskTurn } from '../vendors/asks/ask'
import { partsOf, plainTurns, type Feature } from './feature'
import { isSaidBy, type FeatureName } from './outcomes'
import { AT_SEQUENCE, PLAIN, WITH_CALLS } from './stop-words'

/** Every question has these, so that each feature also proves that it does no harm to them. */
export const BASE = { system: 'You are terse.', turns: [user({ text: 'Say hello.' })], maxTokens: 16_384 } as const

const fine = () => ({ text: 'Hello from upstream.' })
const hearsFine = () => ({ text: 'Hello from upstream.' })

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

const asks =
  (name: FeatureName, said: Partial<Ask>) =>
  (client: ProtocolId): Ask | null =>
    isSaidBy(name, client) ? { ...BASE, ...said } : null

/** A wish that the answer does not show. */
function wish(name: FeatureName, said: Partial<Ask>): Feature {
  const members = Object.keys(said).filter((member) => member !== 'tools') as (keyof Ask)[]
  return {
    name,
    ask: asks(name, said),
    answer: fine,
    asked: (ask) => members.map((member) => ask[member]).filter((value) => value !== undefined),
    hears: hearsFine
  }
}

function withPart(name: FeatureName, part: AskPart, kind: 'image' | 'pdf'): Feature {
  return {
    name,
    ask: asks(name, { turns: [user({ text: 'Look at this.' }, part)] }),
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
    ask: asks('text', {}),
    answer: () => ({ text: 'Déjà vu, 你好 🏔' }),
    asked: (ask) => [ask.system, ask.maxTokens, plainTurns(ask)],
    hears: (client) => ({ text: 'Déjà vu, 你好 🏔', stop: PLAIN[client] })
  },
  {
    name: 'tools',
    ask: asks('tools', { tools: TOOLS, choice: { name: 'weather' } }),
    answer: () => ({ text: 'I look.', tool: PARIS }),
    asked: ({ tools, choice }) => [tools, choice],
    hears: (client) => ({ text: 'I look.', calls: [PARIS], stop: WITH_CALLS[client] })
  },
  {
    name: 'parallel tools',
    ask: asks('parallel tools', { tools: TOOLS, choice: 'required' }),
    answer: () => ({ text: 'I look.', tools: [PARIS, UTC] }),
    asked: ({ tools, choice }) => [tools, choice],
    hears: (client) => ({ text: 'I look.', calls: [PARIS, UTC], stop: WITH_CALLS[client] })
  },
  {
    name: 'tool results',
    ask: asks('tool results', { tools: TOOLS, turns: results }),
    answer: fine,
    asked: withoutMarks,
    hears: hearsFine
  },
  {
    name: 'interrupted call',
    ask: asks('interrupted call', {
      tools: TOOLS,
      turns: [
        user({ text: 'Weather and time?' }),
        assistant({ text: 'I look.' }, call('call_1', PARIS), call('call_2', UTC)),
        user({ result: { id: 'call_1', name: 'weather', text: 'Sunny.' } }, { text: 'Enough.' })
      ]
    }),
    answer: fine,
    asked: plainTurns,
    hears: hearsFine
  },
  withPart('image', { image: { base64: RED_PIXEL } }, 'image'),
  {
    name: 'image in a result',
    ask: asks('image in a result', {
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
  withPart('PDF', { pdf: PDF }, 'pdf'),
  withPart('PDF by address', { pdf: { url: 'https://docs.test/a.pdf' } }, 'pdf'),
  {
    name: 'long history',
    ask: asks('long history', {
      tools: TOOLS,
      turns: [...Array.from({ length: 15 }, (_, number) => round(number)).flat(), user({ text: 'And now?' })]
    }),
    answer: fine,
    asked: plainTurns,
    hears: hearsFine
  },
  {
    name: 'stop sequences',
    ask: asks('stop sequences', { stop: ['END', '\n\nHuman:'] }),
    answer: (channel) => ({
      text: 'Once upon',
      ...(channel === 'anthropic' && { stop: 'stop_sequence', stopSequence: 'END' })
    }),
    asked: ({ stop }) => stop,
    hears: (client) => ({ text: 'Once upon', stop: AT_SEQUENCE[client] })
  },
  wish('one call at a time', { tools: TOOLS, serial: true }),
  wish('JSON schema', { schema: SCHEMA }),
  wish('temperature', { temperature: 0.5 }),
  wish('top_p', { topP: 0.5 }),
  wish('top_k', { topK: 40 }),
  wish('seed', { seed: 7 }),
  wish('penalties', { presencePenalty: 0.5 }),
  wish('verbosity', { verbosity: 'low' }),
  wish('web search', { webSearch: true })
]
