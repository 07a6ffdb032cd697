import { expect, test } from 'vitest'
import { listKeptItems } from './kept-items'

const ITEMS = [
  { role: 'user', content: 'one' },
  { type: 'message', id: 'msg_own', role: 'user', content: 'two' },
  { type: 'function_call_output', call_id: 'c', output: 'three' }
]
const page = (query: string) => listKeptItems(ITEMS, 'resp_7', query)

test('the newest item comes first, and each has an id', () => {
  expect(page('')).toEqual({
    object: 'list',
    data: [{ ...ITEMS[2], id: 'item_7_2' }, ITEMS[1], { ...ITEMS[0], type: 'message', id: 'msg_7_0' }],
    first_id: 'item_7_2',
    last_id: 'msg_7_0',
    has_more: false
  })
})

test('pages follow one another in the order that was asked for', () => {
  expect(page('order=asc&limit=1')).toMatchObject({ first_id: 'msg_7_0', last_id: 'msg_7_0', has_more: true })
  expect(page('order=asc&limit=1&after=msg_7_0')).toMatchObject({ first_id: 'msg_own', has_more: true })
  expect(page('order=asc&limit=2&after=msg_7_0')).toMatchObject({ last_id: 'item_7_2', has_more: false })
  expect(page('order=asc&after=item_7_2')).toEqual({
    object: 'list',
    data: [],
    first_id: null,
    last_id: null,
    has_more: false
  })
})

test('a limit that is none is the usual one', () => {
  const many = Array.from({ length: 150 }, () => ({ role: 'user', content: 'x' }))
  const count = (query: string) => (listKeptItems(many, 'resp_7', query)['data'] as readonly unknown[]).length
  expect([count(''), count('limit=nine'), count('limit=500'), count('limit=-3')]).toEqual([20, 20, 100, 1])
})
