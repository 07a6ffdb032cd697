import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { paced } from './paced-body'

test('a small body goes as it is', () => {
  const body = randomBytes(100_000)
  expect(paced(body)).toBe(body)
})

test('a large one goes in pieces that are the same bytes, with room for what comes between them', async () => {
  const body = randomBytes(3_300_001)
  const pieces: Buffer[] = []
  let looks = 0
  const looking = setInterval(() => looks++, 0)
  for await (const piece of paced(body)) pieces.push(Buffer.from(piece as Uint8Array))
  clearInterval(looking)
  expect(pieces.length).toBeGreaterThan(10)
  expect(Buffer.concat(pieces).equals(body)).toBe(true)
  expect(looks).toBeGreaterThan(0)
})
