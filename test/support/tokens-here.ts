import { EventEmitter } from 'node:events'
import { TokenCounter, type ToCount, type TokenThread } from '../../src/main/protocols/token-counter'
import { FakeClock } from './fake-clock'
import { silentLogger } from './silent-logger'

/** Counts in this process, as the token worker does in its thread. */
class TokensHere extends EventEmitter {
  postMessage({ id, texts }: ToCount): void {
    void import('../../src/main/protocols/tokenizer').then(({ tokensIn }) =>
      this.emit('message', { id, tokens: tokensIn(texts) })
    )
  }

  terminate(): Promise<number> {
    this.emit('exit', 0)
    return Promise.resolve(0)
  }
}

/** A token worker without a thread: loading the tokenizer in one takes longer than most tests. */
export const startTokensHere = (): TokenThread => new TokensHere()

export const { count: countTokens } = new TokenCounter({
  workerUrl: new URL('file:///nowhere'),
  startThread: startTokensHere,
  clock: new FakeClock(),
  logger: silentLogger()
})
