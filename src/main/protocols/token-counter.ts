import { Worker } from 'node:worker_threads'
import type { Clock, Logger, Stop } from '../../shared/ports'

/** How many tokens these texts are together, by the tokenizer of OpenAI's newer models. Never rejects. */
export type CountTokens = (texts: Iterable<string>) => Promise<number>

/** What the thread is asked, and what it answers. */
export interface ToCount {
  readonly id: number
  readonly texts: readonly string[]
}

interface Counted {
  readonly id: number
  readonly tokens: number
}

/** What is used of a thread that runs the token worker, as Node's `Worker` has it. */
export interface TokenThread {
  on(event: 'message', listener: (counted: Counted) => void): unknown
  on(event: 'error', listener: (error: unknown) => void): unknown
  once(event: 'exit', listener: () => void): unknown
  postMessage(message: ToCount): void
  terminate(): Promise<unknown>
}

export interface TokenCounterOptions {
  /** The built token-worker.js. */
  readonly workerUrl: URL
  /** A new thread for each start unless given. */
  readonly startThread?: ((workerUrl: URL) => TokenThread) | undefined
  readonly clock: Clock
  readonly logger: Logger
}

/** The tables are 40 MB of heap; more than that is a worker gone wrong. */
const RESOURCE_LIMITS = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 192 }
/** An assistant counts every few seconds or not at all, and the tables are loaded in half a second. */
const IDLE_MS = 120_000

const newThread = (workerUrl: URL): TokenThread => {
  const thread = new Worker(workerUrl, { name: 'routex tokens', resourceLimits: RESOURCE_LIMITS })
  thread.unref()
  return thread
}

interface Pending {
  readonly texts: readonly string[]
  readonly resolve: (tokens: number) => void
}

/**
 * Counts in a thread of its own, for loading the tokenizer would hold every stream of this one. The thread starts at the first
 * count and ends after two minutes without one, so that who never counts has no memory taken.
 */
export class TokenCounter {
  readonly #options: TokenCounterOptions
  readonly #pending = new Map<number, Pending>()
  #thread: TokenThread | null = null
  #lastId = 0
  #stopIdle: Stop | null = null
  #closed = false

  constructor(options: TokenCounterOptions) {
    this.#options = options
  }

  /** What the thread can't count, for it failed, is counted roughly, and logged. */
  readonly count: CountTokens = async (texts) => {
    let total = 0
    // One after the other, so that two large counts share the thread and little is copied at a time.
    for (const batch of batchesOf(texts)) total += await this.#ask(batch)
    return total
  }

  /** Ends the thread; what it still counts is counted roughly. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#end()
  }

  #ask(texts: readonly string[]): Promise<number> {
    if (this.#closed) return Promise.resolve(roughly(texts))
    this.#stopIdle?.()
    const thread = (this.#thread ??= this.#start())
    const { promise, resolve } = Promise.withResolvers<number>()
    const id = ++this.#lastId
    this.#pending.set(id, { texts, resolve })
    thread.postMessage({ id, texts })
    return promise
  }

  #start(): TokenThread {
    const { workerUrl, startThread = newThread, logger } = this.#options
    const thread = startThread(workerUrl)
    thread.on('message', ({ id, tokens }) => this.#counted(id, tokens))
    thread.on('error', (error) => logger.error('the token worker failed', { error }))
    thread.once('exit', () => {
      if (this.#thread !== thread) return
      logger.warn('the token worker ended; what it was to count is counted roughly')
      this.#forget()
    })
    return thread
  }

  #counted(id: number, tokens: number): void {
    this.#pending.get(id)?.resolve(tokens)
    this.#pending.delete(id)
    if (this.#pending.size === 0) this.#stopIdle = this.#options.clock.after(IDLE_MS, () => void this.#end())
  }

  async #end(): Promise<void> {
    const thread = this.#thread
    this.#forget()
    await thread?.terminate()
  }

  #forget(): void {
    this.#thread = null
    this.#stopIdle?.()
    for (const { texts, resolve } of this.#pending.values()) resolve(roughly(texts))
    this.#pending.clear()
  }
}

/** Merging is quadratic in a text without spaces, so long ones are counted in parts: off by a token a part at most. */
const PART = 4096
/** Characters of a batch: some 50 ms of counting. */
const AT_ONCE = 64 * PART

/** The texts in parts, as many together as the thread is given at once. */
function* batchesOf(texts: Iterable<string>): Generator<readonly string[]> {
  let batch: string[] = []
  let room = AT_ONCE
  for (const text of texts) {
    for (let at = 0; at < text.length; at += PART) {
      batch.push(text.slice(at, at + PART))
      room -= PART
      if (room > 0) continue
      yield batch
      batch = []
      room = AT_ONCE
    }
  }
  if (batch.length > 0) yield batch
}

/** English and code are some four bytes a token, Chinese five to six for two characters: rather too high than too low (B26). */
const BYTES_A_TOKEN = 3

const roughly = (texts: readonly string[]): number =>
  texts.reduce((total, text) => total + Math.ceil(Buffer.byteLength(text) / BYTES_A_TOKEN), 0)
