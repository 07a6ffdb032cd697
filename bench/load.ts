import { Connection, type Expected } from './connection.ts'

/** What is sent, to whom, and what must come back. */
export interface Work {
  readonly port: number
  readonly clientKey: string
  readonly body: Buffer
  readonly expected: Expected
}

export interface LoadResult {
  /** Answered well, and within the time. */
  readonly done: number
  readonly seconds: number
  /** From sending to the last byte, ms. */
  readonly latencies: readonly number[]
  /** From sending to the first content event, ms; empty unless it was watched for. */
  readonly firstContents: readonly number[]
  readonly failures: readonly string[]
}

/** Answers under way at the end of a run get so long. */
export const LAST_ANSWERS_MS = 20_000

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

export function newConnection(work: Work, session: number, watchContent: boolean): Connection {
  return new Connection(work.port, requestBytes(work, session), work.expected, watchContent)
}
