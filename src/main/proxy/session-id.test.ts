import { expect, test } from 'vitest'
import type { RequestFacts } from '../protocols/protocol'
import { sessionOf } from './session-id'

const facts = (of: Partial<RequestFacts>): RequestFacts => ({
  model: 'm',
  stream: false,
  sessionId: null,
  promptCacheKey: null,
  sessionText: '',
  hasAssistantTurn: false,
  stateId: null,
  asksForUsage: false,
  inThread: false,
  ...of
})

const everything = facts({
  sessionId: 'from-user-id',
  promptCacheKey: 'cache-key',
  sessionText: 'system and first message'
})
const headers = {
  'x-session-id': '1',
  'x-claude-code-session-id': '2',
  'session-id': '4',
  session_id: '5',
  'x-session-affinity': '6'
}

test('B10 the session is named by the first that exists, in the order of the rule', () => {
  const order: string[] = []
  let left: Record<string, string> = headers
  let body = everything
  for (;;) {
    const session = sessionOf(left, body)
    if (session === null) break
    order.push(session.hashed ? 'hash' : session.id)
    const name = Object.keys(left).find((key) => left[key] === session.id)
    if (name !== undefined) left = Object.fromEntries(Object.entries(left).filter(([key]) => key !== name))
    else if (session.id === body.sessionId) body = { ...body, sessionId: null }
    else if (session.id === body.promptCacheKey) body = { ...body, promptCacheKey: null }
    else body = { ...body, sessionText: '' }
  }
  expect(order).toEqual(['1', '2', 'from-user-id', '4', '5', '6', 'cache-key', 'hash'])
})

test('B10 the hash goes by the text alone', () => {
  const one = sessionOf({}, facts({ sessionText: 'hello' }))
  expect(sessionOf({ 'user-agent': 'x' }, facts({ sessionText: 'hello', stream: true }))).toEqual(one)
  expect(sessionOf({}, facts({ sessionText: 'hello!' }))).not.toEqual(one)
})

test('an id of any length is kept short', () => {
  const session = sessionOf({ 'x-session-id': 'x'.repeat(5000) }, facts({}))
  expect(session).toMatchObject({ hashed: false })
  expect(session?.id.length).toBeLessThan(129)
})
