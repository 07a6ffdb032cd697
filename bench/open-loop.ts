import type { Connection } from './connection.ts'
import { LAST_ANSWERS_MS, newConnection, type LoadResult, type Work } from './load.ts'
import { beat } from './metronome.ts'

export interface OpenResult extends LoadResult {
  /** How much later than due the generator itself sent, ms: what the numbers are blurred by. */
  readonly lateness: readonly number[]
}

export interface OpenLoad {
  readonly ratePerSecond: number
  readonly seconds: number
  readonly watchContent?: boolean
}

const MAX_CONNECTIONS = 512

/**
 * Open loop: a request is due at each beat, however slow the answers are, and its time runs from when it was *due*. So a
 * stall is counted in full against every request that it held up (no "coordinated omission", as wrk2 puts it).
 */
export async function openLoop(work: Work, load: OpenLoad): Promise<OpenResult> {
  const { ratePerSecond, seconds, watchContent = false } = load
  const run = new OpenRun(work, watchContent)
  await run.openConnections(Math.min(32, ratePerSecond))
  await beat(ratePerSecond, Math.round(ratePerSecond * seconds), (_, dueAt) => run.due(dueAt))
  await run.settled()
  return { ...run.result, done: run.result.latencies.length, seconds }
}

class OpenRun {
  readonly result = {
    latencies: [] as number[],
    firstContents: [] as number[],
    lateness: [] as number[],
    failures: [] as string[]
  }
  readonly #work: Work
  readonly #watchContent: boolean
  readonly #all = new Set<Connection>()
  readonly #idle: Connection[] = []
  readonly #waiting: number[] = []
  #sessions = 0
  #busy = 0
  #onSettled: (() => void) | null = null

  constructor(work: Work, watchContent: boolean) {
    this.#work = work
    this.#watchContent = watchContent
  }

  async openConnections(count: number): Promise<void> {
    for (let index = 0; index < count; index++) this.#idle.push(await this.#connect())
  }

  /** A request became due at `dueAt`. */
  due(dueAt: number): void {
    this.result.lateness.push(performance.now() - dueAt)
    this.#busy += 1
    const connection = this.#idle.pop()
    if (connection !== undefined) this.#send(connection, dueAt)
    else if (this.#all.size < MAX_CONNECTIONS) {
      this.#connect().then(
        (fresh) => this.#send(fresh, dueAt),
        (error: unknown) => this.#ended(String(error))
      )
    } else this.#waiting.push(dueAt)
  }

  /** Resolves when the last answer came; what did not come in time is a failure. */
  settled(): Promise<void> {
    return new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        this.result.failures.push(`${this.#busy} answers did not come within ${LAST_ANSWERS_MS / 1000} s`)
        resolve()
      }, LAST_ANSWERS_MS)
      this.#onSettled = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#busy === 0) this.#onSettled()
    }).then(() => {
      for (const connection of this.#all) connection.close()
    })
  }

  async #connect(): Promise<Connection> {
    this.#sessions += 1
    const connection = newConnection(this.#work, this.#sessions, this.#watchContent)
    this.#all.add(connection)
    await connection.open()
    return connection
  }

  #send(connection: Connection, dueAt: number): void {
    connection.send((at, failure) => {
      if (failure === null) {
        this.result.latencies.push(at - dueAt)
        if (this.#watchContent) this.result.firstContents.push(connection.firstContentAt - dueAt)
      }
      this.#release(connection)
      this.#ended(failure)
    })
  }

  #release(connection: Connection): void {
    const dueAt = connection.isOpen ? this.#waiting.shift() : undefined
    if (!connection.isOpen) this.#all.delete(connection)
    else if (dueAt === undefined) this.#idle.push(connection)
    else this.#send(connection, dueAt)
  }

  #ended(failure: string | null): void {
    this.#busy -= 1
    if (failure !== null) this.result.failures.push(failure)
    if (this.#busy === 0) this.#onSettled?.()
  }
}
