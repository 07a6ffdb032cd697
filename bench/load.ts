import { Connection, type Expected } from './connection.ts'
import { beat } from './metronome.ts'

/** What is sent, to whom, and what must come back. */
export interface Work {
  readonly port: number
  readonly clientKey: string
  readonly body: Buffer
  readonly expected: Expected
}

export interface ClosedResult {
  readonly done: number
  readonly seconds: number
  /** From sending to the last byte, ms. */
  readonly latencies: readonly number[]
  /** From sending to the first content event, ms; empty unless it was watched for. */
  readonly firstContents: readonly number[]
  readonly failures: readonly string[]
}

export interface OpenResult extends ClosedResult {
  /** How much later than due the generator itself sent, ms: what the numbers are blurred by. */
  readonly lateness: readonly number[]
}

/** Answers under way at the end of a run get so long. */
const LAST_ANSWERS_MS = 20_000

/** Each connection is a session of its own. */
function requestBytes(work: Work, session: number): Buffer {
  const head = [
    'POST /v1/messages HTTP/1.1',
    `host: 127.0.0.1:${work.port}`,
    'user-agent: routex-bench/1.0',
    'anthropic-version: 2023-06-01',
    `x-api-key: ${work.clientKey}`,
    `x-claude-code-session-id: bench-session-${session}`,
    'content-type: application/json',
    `content-length: ${work.body.length}`
  ].join('\r\n')
  return Buffer.concat([Buffer.from(`${head}\r\n\r\n`), work.body])
}

function newConnection(work: Work, session: number, watchContent: boolean): Connection {
  return new Connection(work.port, requestBytes(work, session), work.expected, watchContent)
}

export interface ClosedLoad {
  readonly connections: number
  /** Ends the run by time, or by the number of requests. */
  readonly until: { readonly seconds: number } | { readonly requests: number }
  readonly watchContent?: boolean
}

/** Closed loop: each connection sends its next request when the last was answered. Says how much goes through. */
export async function closedLoop(work: Work, load: ClosedLoad): Promise<ClosedResult> {
  const { connections: count, until, watchContent = false } = load
  const connections = Array.from({ length: count }, (_, index) => newConnection(work, index, watchContent))
  await Promise.all(connections.map((connection) => connection.open()))

  const latencies: number[] = []
  const firstContents: number[] = []
  const failures: string[] = []
  const startAt = performance.now()
  const endAt = 'seconds' in until ? startAt + until.seconds * 1000 : Infinity
  const limit = 'requests' in until ? until.requests : Infinity
  let sent = 0
  let doneInTime = 0
  let lastAt = startAt

  await Promise.all(
    connections.map(
      (connection) =>
        new Promise<void>((resolve) => {
          let sentAt = 0
          const next = (): void => {
            if (sent >= limit || performance.now() >= endAt) {
              resolve()
              return
            }
            sent += 1
            sentAt = performance.now()
            connection.send(answered)
          }
          const answered = (at: number, failure: string | null): void => {
            if (failure === null) {
              latencies.push(at - sentAt)
              if (watchContent) firstContents.push(connection.firstContentAt - sentAt)
              if (at <= endAt) doneInTime += 1
              lastAt = at
            } else failures.push(failure)
            if (connection.isOpen) next()
            else void connection.open().then(next, resolve)
          }
          next()
        })
    )
  )
  for (const connection of connections) connection.close()
  const seconds = (Math.min(endAt, Math.max(lastAt, performance.now())) - startAt) / 1000
  return { done: doneInTime, seconds, latencies, firstContents, failures }
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
