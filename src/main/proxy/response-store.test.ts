import { expect, test } from 'vitest'
import { clientKeyId } from '../../shared/ids'
import { ResponseStore } from './response-store'

const ONE = clientKeyId.parse('one')
const TWO = clientKeyId.parse('two')
const MEBIBYTE = 1_048_576

/** A response whose request and answer have so many characters together. */
function keep(store: ResponseStore, id: string, characters: number, key = ONE): void {
  store.keeperFor({ input: 'x'.repeat(characters) }, key)?.keep({ id, output: [] })
}

/** The same, of a conversation of its own. */
function keepApart(store: ResponseStore, id: string, characters: number): void {
  store.keeperFor({ input: id + 'x'.repeat(characters - id.length) }, ONE)?.keep({ id, output: [] })
}

const kept = (store: ResponseStore, ...ids: readonly string[]) => ids.filter((id) => store.find(id, ONE) !== null)

test('64 MiB are kept, and the least recently used goes first', { timeout: 30_000 }, () => {
  const store = new ResponseStore()
  for (const id of ['a', 'b', 'c', 'd']) keepApart(store, id, 15 * MEBIBYTE)
  expect(kept(store, 'd', 'c', 'b', 'a')).toHaveLength(4)
  store.recall({ previous_response_id: 'd', input: 'and?' }, ONE)
  keepApart(store, 'e', 15 * MEBIBYTE)
  expect(kept(store, 'a', 'b', 'c', 'd', 'e')).toEqual(['a', 'b', 'd', 'e'])
})

test('what is larger than all that may be kept is not kept, and puts nothing out', { timeout: 30_000 }, () => {
  const store = new ResponseStore()
  keep(store, 'small', 10)
  keep(store, 'large', 65 * MEBIBYTE)
  expect(kept(store, 'small', 'large')).toEqual(['small'])
})

test('two keys may have a response of the same id, each its own', () => {
  const store = new ResponseStore()
  keep(store, 'same', 3, ONE)
  keep(store, 'same', 5, TWO)
  expect(store.inputItems('same', ONE)).toMatchObject([{ content: 'xxx' }])
  expect(store.inputItems('same', TWO)).toMatchObject([{ content: 'xxxxx' }])
  store.forget('same', TWO)
  expect(store.find('same', ONE)).not.toBeNull()
})

test('a conversation one of whose answers is gone is not put together', () => {
  const store = new ResponseStore()
  keep(store, 'first', 3)
  store.keeperFor({ input: 'b', previous_response_id: 'first' }, ONE)?.keep({ id: 'second', output: [] })
  store.forget('first', ONE)
  const body = { previous_response_id: 'second', input: 'c' }
  expect(store.recall(body, ONE)).toBe(body)
})

test('answers that go on from each other in a circle are none', () => {
  const store = new ResponseStore()
  store.keeperFor({ input: 'a', previous_response_id: 'same' }, ONE)?.keep({ id: 'same', output: [] })
  const body = { previous_response_id: 'same', input: 'c' }
  expect(store.recall(body, ONE)).toBe(body)
})

test('an item that was put out with one response is still found in a later one that holds it', () => {
  const store = new ResponseStore()
  const item = { type: 'message', id: 'msg_1', role: 'user', content: 'a' }
  store.keeperFor({ input: [item] }, ONE)?.keep({ id: 'first', output: [] })
  store.keeperFor({ input: [item] }, ONE)?.keep({ id: 'second', output: [] })
  store.forget('first', ONE)
  expect(store.recall({ input: [{ type: 'item_reference', id: 'msg_1' }] }, ONE)).toEqual({ input: [item] })
})

/** The AI SDK's way: its input whole each turn, with references to what was answered. Returns the last one's input. */
function converse(store: ResponseStore, turns: number, first: string, key = ONE): readonly unknown[] {
  const input: unknown[] = [{ type: 'message', role: 'user', content: first }]
  for (let turn = 0; turn < turns; turn++) {
    const body = { input: [...input] }
    const keeper = store.keeperFor(body, key)
    const message = { type: 'message', id: `msg_${turn}`, role: 'assistant', content: `answer ${turn}` }
    keeper?.keep({ id: `resp_${turn}`, output: [message] })
    input.push({ type: 'item_reference', id: message.id }, { type: 'message', role: 'user', content: `next ${turn}` })
  }
  return input
}

test('a conversation that is sent whole each turn is kept once, and its items are found to its end', () => {
  const store = new ResponseStore()
  const input = converse(store, 60, 'x'.repeat(1.5 * MEBIBYTE))
  const { input: recalled } = store.recall({ input }, ONE)
  expect(recalled).toHaveLength(input.length)
  expect(recalled).not.toContainEqual(expect.objectContaining({ type: 'item_reference' }))
  expect(kept(store, 'resp_0', 'resp_59')).toHaveLength(2)
})

test('an item is found for as long as any response of its conversation is kept', () => {
  const store = new ResponseStore()
  converse(store, 3, 'first')
  store.forget('resp_0', ONE)
  store.forget('resp_1', ONE)
  const input = [{ type: 'item_reference', id: 'msg_0' }]
  expect(store.recall({ input }, ONE)).toMatchObject({ input: [{ content: 'answer 0' }] })
  store.forget('resp_2', ONE)
  const body = { input }
  expect(store.recall(body, ONE)).toBe(body)
})

test('tools and instructions that each answer repeats are kept once', () => {
  const store = new ResponseStore()
  const repeated = { tools: [{ name: 'x'.repeat(MEBIBYTE) }], instructions: 'y'.repeat(MEBIBYTE) }
  const ids = Array.from({ length: 40 }, (_, index) => `resp_${index}`)
  for (const id of ids) store.keeperFor({ input: 'a' }, ONE)?.keep({ id, ...repeated, output: [], status: 'completed' })
  expect(kept(store, ...ids)).toEqual(ids)
  expect(store.find('resp_0', ONE)).toEqual({ id: 'resp_0', ...repeated, output: [], status: 'completed' })
})

test('the bound is one of bytes, not of characters', { timeout: 30_000 }, () => {
  const store = new ResponseStore()
  store.keeperFor({ input: '漢'.repeat(25 * MEBIBYTE) }, ONE)?.keep({ id: 'wide', output: [] })
  expect(kept(store, 'wide')).toEqual([])
})

test('many small answers are bound as well', { timeout: 30_000 }, () => {
  const store = new ResponseStore()
  const ids = Array.from({ length: 70_000 }, (_, index) => `resp_${index}`)
  for (const id of ids) store.keeperFor({ input: id }, ONE)?.keep({ id, output: [] })
  expect(kept(store, ...ids).length).toBeLessThan(64 * 1024)
})

test('what nobody holds any more makes room', { timeout: 30_000 }, () => {
  const store = new ResponseStore()
  keep(store, 'small', 10)
  keep(store, 'one', 40 * MEBIBYTE)
  keep(store, 'other', 40 * MEBIBYTE)
  expect(kept(store, 'small', 'one', 'other')).toHaveLength(3)
  store.forget('one', ONE)
  store.forget('other', ONE)
  store.keeperFor({ input: 'y'.repeat(60 * MEBIBYTE) }, ONE)?.keep({ id: 'new', output: [] })
  expect(kept(store, 'small', 'new')).toEqual(['small', 'new'])
})

test('two keys that say the same share nothing', () => {
  const store = new ResponseStore()
  converse(store, 1, 'same', ONE)
  converse(store, 1, 'same', TWO)
  store.forget('resp_0', ONE)
  const body = { input: [{ type: 'item_reference', id: 'msg_0' }] }
  expect(store.recall(body, ONE)).toBe(body)
  expect(store.recall(body, TWO)).toMatchObject({ input: [{ content: 'answer 0' }] })
})
