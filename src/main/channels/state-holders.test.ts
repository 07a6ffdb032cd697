import { expect, test } from 'vitest'
import { idOf } from '../../../test/support/make-channel'
import { StateHolders } from './state-holders'

test('B14 the channel that made a state is known by the state’s id', () => {
  const holders = new StateHolders()
  holders.remember('resp_1', idOf('a'))
  holders.remember('resp_2', idOf('b'))
  expect([holders.holderOf('resp_1'), holders.holderOf('resp_2'), holders.holderOf('resp_3')]).toEqual(['a', 'b', null])
})

test('B14 the 20,000 last used are known, and no hostile id is kept', () => {
  const holders = new StateHolders()
  for (let count = 0; count < 20_001; count++) {
    holders.remember(`resp_${count}`, idOf('a'))
    holders.holderOf('resp_0')
  }
  holders.remember('x'.repeat(10_000), idOf('a'))
  expect([holders.holderOf('resp_0'), holders.holderOf('resp_1'), holders.holderOf('x'.repeat(10_000))]).toEqual([
    'a',
    null,
    null
  ])
})

test('B14 what earlier runs made is known, and what this run made goes before it', () => {
  const holders = new StateHolders()
  holders.remember('resp_2', idOf('b'))
  holders.restore([
    ['resp_1', idOf('a')],
    ['resp_2', idOf('a')]
  ])
  expect([holders.holderOf('resp_1'), holders.holderOf('resp_2')]).toEqual(['a', 'b'])
})
