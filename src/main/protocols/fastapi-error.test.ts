import { describe, expect, test } from 'vitest'
import { PROTOCOLS } from '../../shared/protocol'
import { detailIn } from './fastapi-error'
import { protocols } from './registry'

describe('the words of FastAPI', () => {
  test.each([
    [{ detail: 'Not Found' }, 'Not Found'],
    [
      { detail: [{ loc: ['body', 'messages', 0], msg: 'field required' }, { msg: 'b' }] },
      'body.messages.0: field required; b'
    ],
    [{ detail: { message: 'no such thing' } }, 'no such thing'],
    [{ detail: ['a', 7, { msg: 7 }] }, 'a'],
    [{ detail: [] }, null],
    [{ detail: 7 }, null],
    ['detail', null]
  ])('%j says %s', (json, words) => {
    expect(detailIn(json)).toBe(words)
  })

  test.each(PROTOCOLS)('are heard on a channel of %s', (protocol) => {
    const body = Buffer.from(JSON.stringify({ detail: [{ loc: ['body', 'x'], msg: 'field required' }] }))
    expect(protocols[protocol].judge(422, {}, body, 0)).toEqual({
      kind: 'client_fault',
      message: 'body.x: field required'
    })
  })
})
