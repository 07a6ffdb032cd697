import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ResponseReader } from './response-reader.ts'

const SIZED = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\nhello world'
const CHUNKED =
  'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nA;x=F\r\n0123456789\r\n0\r\nt: 1\r\n\r\n'

function readIn(pieces: readonly string[]): ResponseReader {
  const reader = new ResponseReader()
  reader.reset()
  // The connection reads into one buffer again and again; so does this.
  const buffer = Buffer.alloc(1024)
  for (const piece of pieces) reader.push(buffer.subarray(0, buffer.write(piece, 'latin1')))
  return reader
}

describe('the response reader', () => {
  it.each([
    ['sized', SIZED, 11],
    ['chunked', CHUNKED, 15]
  ])('reads a %s answer to its end however it is cut', (_, text, bytes) => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: text.length - 1 })), (cuts) => {
        const at = [0, ...cuts.toSorted((a, b) => a - b), text.length]
        const reader = readIn(at.slice(1).map((end, index) => text.slice(at[index], end)))
        expect(reader).toMatchObject({ done: true, status: 200, bodyBytes: bytes })
      })
    )
  })

  it('does not take an answer for whole before its last byte', () => {
    expect(readIn([SIZED.slice(0, -1)]).done).toBe(false)
    expect(readIn([CHUNKED.slice(0, -1)]).done).toBe(false)
  })

  it('tells a refusal by its status', () => {
    expect(readIn(['HTTP/1.1 429 Too Many\r\ncontent-length: 0\r\nconnection: close\r\n\r\n'])).toMatchObject({
      done: true,
      status: 429,
      closing: true
    })
  })

  it('objects to more than one answer, and to what is none', () => {
    expect(() => readIn([`${SIZED}H`])).toThrow('more than one')
    expect(() => readIn(['SSH-2.0-x\r\n\r\n'])).toThrow('no answer')
  })
})
