import { expect, test } from 'vitest'
import { MissingModels } from './missing-models'

const HOUR = 3_600_000

test('B03 a model is missing for 1 h after it was last said to be', () => {
  const missing = new MissingModels()
  missing.add('m', 0)
  missing.add('m', 1000)
  expect([missing.until('m', HOUR), missing.until('m', HOUR + 1000)]).toEqual([HOUR + 1000, null])
  expect(missing.list(HOUR + 1000)).toEqual([])
  expect(missing.none).toBe(true)
})

test('B03 a client that asks for made-up names fills no memory: the oldest are forgotten, long ones not kept', () => {
  const missing = new MissingModels()
  for (let count = 0; count < 300; count++) missing.add(`m${count}`, count)
  missing.add('x'.repeat(10_000), 300)
  const remembered = missing.list(300).map(({ model }) => model)
  expect(remembered).toHaveLength(256)
  expect([remembered[0], remembered.at(-1)]).toEqual(['m44', 'm299'])
})
