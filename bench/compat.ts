import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Effort } from './effort.ts'
import { CLIENT_KEY } from './gateway.ts'
import { SMALL } from './scenarios.ts'
import type { Target } from './targets.ts'
import { temporaryFolder } from './temporary-folder.ts'

/** One of the two commands that the field looks at a gateway with. */
export interface FieldRun {
  /** As it can be typed, without the request's headers and body. */
  readonly command: string
  /** null: the program is not installed. */
  readonly outcome: FieldOutcome | null
}

export interface FieldOutcome {
  readonly perSecond: number
  readonly requests: number
  readonly failed: number
  /** What the program says of latency. */
  readonly latency: string
}

/** Beyond the time that the commands take by themselves, s. */
const PATIENCE_SECONDS = 60

/** Runs `ab` and `wrk` with a POST to /v1/messages. */
export async function fieldRuns(target: Target, { ab, wrk }: Effort): Promise<readonly FieldRun[]> {
  const dir = temporaryFolder('field')
  const body = join(dir, 'request.json')
  const script = join(dir, 'post.lua')
  writeFileSync(body, SMALL.body)
  writeFileSync(script, luaScript(body))
  const url = `http://127.0.0.1:${target.port}/v1/messages`
  const abOptions = ['-n', String(ab.requests), '-c', String(ab.connections)]
  const abRequest = ['-q', '-p', body, '-T', 'application/json', ...headers().flatMap((header) => ['-H', header])]
  const wrkOptions = [`-t${wrk.threads}`, `-c${wrk.connections}`, `-d${wrk.seconds}s`]
  const wrkRequest = ['--latency', '-s', script]
  return [
    {
      command: `ab ${abOptions.join(' ')}`,
      outcome: isInstalled('ab', '-V')
        ? parseAb(await run('ab', [...abOptions, ...abRequest, url], PATIENCE_SECONDS))
        : null
    },
    {
      command: `wrk ${wrkOptions.join(' ')}`,
      outcome: isInstalled('wrk', '-v')
        ? parseWrk(await run('wrk', [...wrkOptions, ...wrkRequest, url], wrk.seconds + PATIENCE_SECONDS))
        : null
    }
  ]
}

const headers = (): readonly string[] => [`x-api-key: ${CLIENT_KEY}`, 'anthropic-version: 2023-06-01']

function luaScript(body: string): string {
  const set = ['content-type: application/json', ...headers()].map((header) => {
    const [name = '', value = ''] = header.split(': ')
    return `wrk.headers["${name}"] = "${value}"`
  })
  return `wrk.method = "POST"\nwrk.body = io.open("${body}", "rb"):read("*a")\n${set.join('\n')}\n`
}

const isInstalled = (command: string, option: string): boolean => spawnSync(command, [option]).error === undefined

function run(command: string, args: readonly string[], limitSeconds: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: limitSeconds * 1000 })
    let text = ''
    const keep = (chunk: Buffer): void => {
      text += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.once('error', reject)
    child.once('close', (code) => {
      if (code === 0) resolve(text)
      else reject(new Error(`${command} ended with ${code}: ${text}`))
    })
  })
}

const numberAfter = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0)

/** The report of ApacheBench. Answers of another length count as failed there, since ours all have the same. */
export function parseAb(text: string): FieldOutcome {
  const failed =
    numberAfter(text, /Failed requests:\s+(\d+)/) +
    numberAfter(text, /Non-2xx responses:\s+(\d+)/) +
    numberAfter(text, /Write errors:\s+(\d+)/)
  const at = (share: number): number => numberAfter(text, new RegExp(`^\\s+${share}%\\s+(\\d+)`, 'm'))
  return {
    perSecond: numberAfter(text, /Requests per second:\s+([\d.]+)/),
    requests: numberAfter(text, /Complete requests:\s+(\d+)/),
    failed,
    latency: `p50 ${at(50)} ms, p99 ${at(99)} ms`
  }
}

/** The report of wrk, run with --latency. */
export function parseWrk(text: string): FieldOutcome {
  const sockets = /Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)/.exec(text)?.slice(1) ?? []
  const at = (share: number): string => new RegExp(`^\\s+${share}%\\s+(\\S+)`, 'm').exec(text)?.[1] ?? '–'
  return {
    perSecond: numberAfter(text, /Requests\/sec:\s+([\d.]+)/),
    requests: numberAfter(text, /(\d+) requests in/),
    failed:
      numberAfter(text, /Non-2xx or 3xx responses: (\d+)/) + sockets.reduce((sum, count) => sum + Number(count), 0),
    latency: `p50 ${at(50)}, p99 ${at(99)}`
  }
}
