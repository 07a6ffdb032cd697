import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'

/** Smaller ones fit into the socket's own buffers. */
const LARGE = 1024 * 1024
const PIECE = 256 * 1024

async function* inPieces(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE) {
    if (at > 0) await setImmediate()
    yield body.subarray(at, at + PIECE)
  }
}

/**
 * A request's body as it is to be written. A large one goes in pieces, with a look at what has come between them: an upstream that
 * refuses it by its head (413, 401) answers and closes, and whoever goes on writing then gets EPIPE instead of that answer.
 */
export const paced = (body: Buffer): Buffer | Readable =>
  body.length < LARGE ? body : Readable.from(inPieces(body), { objectMode: false, highWaterMark: PIECE })
