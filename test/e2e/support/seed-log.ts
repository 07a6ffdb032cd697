import { mkdirSync } from 'node:fs'
import { encodeRecord } from '../../../src/main/storage/logs/record-codec'
import { Journal } from '../../../src/main/storage/logs/journal'
import { journalDir } from '../../../src/main/storage/logs/segments'
import type { ChannelId, ClientKeyId, RequestId } from '../../../src/shared/ids'
import type { RequestRecord } from '../../../src/shared/request-log'
import { FakeClock } from '../../support/fake-clock'
import { silentLogger } from '../../support/silent-logger'

/** Puts finished requests of the past into the data folder of a program that is not running; its next start reads them. */
export function seedLog(dataDir: string, records: readonly RequestRecord[]): void {
  const dir = journalDir(dataDir)
  mkdirSync(dir, { recursive: true })
  const journal = new Journal({ dir, clock: new FakeClock(), logger: silentLogger() })
  for (let at = 0; at < records.length; at += 500) journal.append(records.slice(at, at + 500).map(encodeRecord))
  journal.close()
}

interface SeedChannel {
  readonly id: ChannelId
  readonly name: string
  readonly host: string
  readonly models: readonly string[]
  /** Share of the traffic, any unit. */
  readonly share: number
}

export interface TrafficOptions {
  readonly channels: readonly SeedChannel[]
  readonly keys: readonly { readonly id: ClientKeyId; readonly name: string; readonly client: string }[]
  /** ms since 1970. */
  readonly from: number
  readonly to: number
  readonly requests: number
}

/** The same numbers on every run. */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}

/** A working day's traffic, with its ups and downs, as coding assistants make it. */
export function makeTraffic({ channels, keys, from, to, requests }: TrafficOptions): readonly RequestRecord[] {
  const next = random(7)
  const total = channels.reduce((sum, { share }) => sum + share, 0)
  const records: RequestRecord[] = []
  while (records.length < requests) {
    const place = next()
    // Two hills a day, and quiet between them.
    const liveliness = 0.25 + 0.5 * Math.sin(place * Math.PI * 3.1) ** 2 + 0.25 * Math.sin(place * Math.PI * 11) ** 2
    if (next() > liveliness) continue
    const at = Math.round(from + place * (to - from))
    let lot = next() * total
    const channel = channels.find(({ share }) => (lot -= share) <= 0) ?? channels[0]
    const key = keys[Math.floor(next() ** 2 * keys.length)]
    if (!channel || !key) throw new Error('traffic needs a channel and a key')
    records.push(makeRequest(`seed-${String(records.length).padStart(7, '0')}`, at, channel, key, next))
  }
  return records.toSorted((a, b) => a.at - b.at)
}

function makeRequest(
  id: string,
  at: number,
  channel: SeedChannel,
  key: TrafficOptions['keys'][number],
  next: () => number
): RequestRecord {
  const model = channel.models[Math.floor(next() * channel.models.length)] ?? null
  const failed = next() < 0.018
  const firstByteMs = 340 + 700 * next() + (next() < 0.06 ? 3_500 * next() : 0)
  const output = Math.round(120 + 2_400 * next() ** 3)
  const totalMs = firstByteMs + output * (9 + 6 * next())
  const prompt = Math.round(4_000 + 90_000 * next() ** 2)
  const warm = next() < 0.9 ? 0.86 + 0.13 * next() : 0
  const fresh = Math.round(prompt * (1 - warm))
  return {
    id: id as RequestId,
    at,
    method: 'POST',
    path: '/v1/messages',
    protocol: 'anthropic',
    operation: 'generate',
    clientKeyId: key.id,
    clientKeyName: key.name,
    client: key.client,
    sessionId: null,
    model,
    stream: true,
    channelId: channel.id,
    channelName: channel.name,
    upstreamHost: channel.host,
    sentModel: model,
    status: failed ? 529 : 200,
    outcome: failed ? 'upstream_error' : 'ok',
    errorCode: failed ? 'busy' : null,
    errorMessage: failed ? 'Overloaded' : null,
    totalMs,
    firstByteMs,
    ownMs: 0.4,
    requestBytes: prompt * 4,
    responseBytes: output * 40,
    usage: failed
      ? null
      : {
          input: Math.round(fresh * 0.4),
          cacheRead: prompt - fresh,
          cacheWrite: Math.round(fresh * 0.6),
          cacheWrite1h: 0,
          output,
          reasoning: Math.round(output * 0.2)
        },
    rawUsage: null,
    attempts: [],
    excluded: [],
    channelProtocol: null,
    warnings: null,
    demo: false
  }
}
