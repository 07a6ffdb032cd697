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
const kept = (store: ResponseStore, ...ids: readonly string[]) => ids.filter((id) => store.find(id, ONE) !== null)

test('64 MiB are kept, and the least recently used goes first', { timeout: 30_000 }, () => {
  const store = new ResponseStore()
  for (const id of ['a', 'b', 'c', 'd']) keep(store, id, 15 * MEBIBYTE)
  expect(kept(store, 'd', 'c', 'b', 'a')).toHaveLength(4)
  store.recall({ previous_response_id: 'd', input: 'and?' }, ONE)
  keep(store, 'e', 15 * MEBIBYTE)
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
