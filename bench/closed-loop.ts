import type { Connection } from './connection.ts'
import { LAST_ANSWERS_MS, newConnection, type LoadResult, type Work } from './load.ts'

export interface ClosedLoad {
  readonly connections: number
  /** Ends the run by time, or by the number of requests. */
  readonly until: { readonly seconds: number } | { readonly requests: number }
  readonly watchContent?: boolean
}

/** Without end in time, a run may take so long; then what is not answered has failed. */
const LONGEST_MS = 240_000

/** Closed loop: each connection sends its next request when the last was answered. Says how much goes through. */
export async function closedLoop(work: Work, load: ClosedLoad): Promise<LoadResult> {
  const { connections: count, until, watchContent = false } = load
  const connections = Array.from({ length: count }, (_, index) => newConnection(work, index, watchContent))
  await Promise.all(connections.map((connection) => connection.open()))
  const run = new ClosedRun(until, watchContent)
  const giveUp = setTimeout(
    () => {
      run.over = true
      for (const connection of connections) connection.close()
    },
    'seconds' in until ? until.seconds * 1000 + LAST_ANSWERS_MS : LONGEST_MS
  )
  await Promise.all(connections.map((connection) => run.keepAsking(connection)))
  clearTimeout(giveUp)
  for (const connection of connections) connection.close()
  return run.result()
}

class ClosedRun {
  over = false
  readonly #startAt = performance.now()
  readonly #endAt: number
  readonly #limit: number
  readonly #watchContent: boolean
  readonly #latencies: number[] = []
  readonly #firstContents: number[] = []
  readonly #failures: string[] = []
  #sent = 0
  #done = 0
  #lastAt = this.#startAt

  constructor(until: ClosedLoad['until'], watchContent: boolean) {
    this.#endAt = 'seconds' in until ? this.#startAt + until.seconds * 1000 : Infinity
    this.#limit = 'requests' in until ? until.requests : Infinity
    this.#watchContent = watchContent
  }

  /** Resolves when the run is over and this connection's last answer came. */
  keepAsking(connection: Connection): Promise<void> {
    return new Promise((resolve) => {
      let sentAt = 0
      const next = (): void => {
        if (this.over || this.#sent >= this.#limit || performance.now() >= this.#endAt) {
          resolve()
          return
        }
        this.#sent += 1
        sentAt = performance.now()
        connection.send(answered)
      }
      const answered = (at: number, failure: string | null): void => {
        if (failure === null) this.#answered(connection, sentAt, at)
        else this.#failures.push(failure)
        if (connection.isOpen) next()
        else connection.open().then(next, () => resolve())
      }
      next()
    })
  }

  result(): LoadResult {
    return {
      done: this.#done,
      seconds: (Math.min(this.#endAt, this.#lastAt) - this.#startAt) / 1000,
      latencies: this.#latencies,
      firstContents: this.#firstContents,
      failures: this.#failures
    }
  }

  #answered(connection: Connection, sentAt: number, at: number): void {
    this.#latencies.push(at - sentAt)
    if (this.#watchContent) this.#firstContents.push(connection.firstContentAt - sentAt)
    if (at <= this.#endAt) this.#done += 1
    this.#lastAt = at
  }
}
