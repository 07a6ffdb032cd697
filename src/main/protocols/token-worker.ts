import { parentPort } from 'node:worker_threads'
import type { ToCount } from './token-counter'
import { tokensIn } from './tokenizer'

/** Entry of the thread that counts tokens. `token-counter.ts` starts it at the first count and ends it. */
const port = parentPort
if (port === null) throw new Error('the token worker is no program of its own')
port.on('message', ({ id, texts }: ToCount) => port.postMessage({ id, tokens: tokensIn(texts) }))
