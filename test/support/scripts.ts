import type { Exchange, HeaderList, Script } from './fake-upstream'

/** A whole JSON answer with its length. */
export function json(status: number, body: unknown, headers: HeaderList = {}): Script {
  return bytes(status, Buffer.from(JSON.stringify(body)), { 'content-type': 'application/json', ...headers })
}

/** A whole answer, byte for byte. */
export function bytes(status: number, body: Buffer, headers: HeaderList = {}): Script {
  return (exchange) => {
    exchange.head(status, { 'content-length': String(body.length), ...headers })
    exchange.end(body)
  }
}

/** What happens between two pieces of a stream: bytes to write, or a step that the test holds in its hand. */
export type StreamStep = string | Buffer | Promise<unknown> | ((exchange: Exchange) => void | Promise<void>)

const EVENT_STREAM: HeaderList = { 'content-type': 'text/event-stream; charset=utf-8' }

/** Status 200 and pieces one after the other, each in a write of its own; a promise among them is awaited. */
export function stream(steps: readonly StreamStep[], headers: HeaderList = EVENT_STREAM): Script {
  return async (exchange) => {
    exchange.head(200, headers)
    await play(exchange, steps)
    if (!exchange.response.destroyed) exchange.end()
  }
}

async function play(exchange: Exchange, steps: readonly StreamStep[]): Promise<void> {
  for (const step of steps) {
    if (exchange.response.destroyed) return
    if (typeof step === 'function') await step(exchange)
    else if (typeof step === 'string' || Buffer.isBuffer(step)) await exchange.write(step)
    else await Promise.race([step, exchange.request.aborted])
  }
}

/** Step: closes the connection in mid-message. */
export const cut = (exchange: Exchange): void => exchange.cut()

/** Step: a TCP reset in mid-message. */
export const reset = (exchange: Exchange): void => exchange.reset()

/** Step: nothing more comes until the other side goes away. */
export const hang = async (exchange: Exchange): Promise<void> => exchange.request.aborted

/** Never answers. */
export const hangForever: Script = async (exchange) => exchange.request.aborted

/** Breaks the connection before a single byte of an answer. */
export const resetBeforeHead: Script = (exchange) => exchange.reset()

/** Answers by the path (without its query); `rest` takes what is not listed. */
export function byPath(scripts: Readonly<Record<string, Script>>, rest: Script): Script {
  return (exchange) => {
    const path = exchange.request.target.split('?')[0] ?? ''
    return (scripts[path] ?? rest)(exchange)
  }
}
