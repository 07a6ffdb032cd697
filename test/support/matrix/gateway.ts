import { expect } from 'vitest'
import type { LossName } from '../../../src/main/protocols/losses'
import type { ProtocolId } from '../../../src/shared/protocol'
import { channelOf, withChannels } from '../config'
import {
  startFakeUpstream,
  type FakeUpstream,
  type RecordedRequest,
  type Register,
  type Script
} from '../fake-upstream'
import type { RawAnswer } from '../raw-client'
import type { RunningGateway } from '../running-gateway'
import { startGateway } from '../start-gateway'
import type { Body } from '../vendors/asks/ask'
import { strictly } from '../vendors/strict/strict'
import { says, VENDORS, type Vendor } from '../vendors/vendors'

export interface Question {
  readonly client: ProtocolId
  readonly channel: ProtocolId
  /** In the client's protocol, without model and streaming. */
  readonly body: Body
  readonly stream: boolean
  readonly script: Script
  /** The vendor's usual one unless given. */
  readonly model?: string
  /** The channel answers whatever it is asked. */
  readonly lenient?: boolean
}

/** One request through the gateway, as both ends saw it. */
export interface Exchanged {
  readonly sent: Buffer
  /** null: it came to no channel. */
  readonly arrived: RecordedRequest | null
  readonly answer: RawAnswer
  /** Named by `x-routex-warnings`. */
  readonly losses: readonly LossName[]
  /** What the channel's vendor would refuse in it. */
  readonly complaints: readonly string[]
}

/** One gateway with a channel of each protocol, each before a vendor that refuses what the real one would. */
export class MatrixGateway {
  readonly gateway: RunningGateway
  readonly #upstreams: ReadonlyMap<ProtocolId, FakeUpstream>
  readonly #complaints: string[]

  constructor(gateway: RunningGateway, upstreams: ReadonlyMap<ProtocolId, FakeUpstream>, complaints: string[]) {
    this.gateway = gateway
    this.#upstreams = upstreams
    this.#complaints = complaints
  }

  /** Sends what the client would send for the channel's model. */
  async exchange(question: Question): Promise<Exchanged> {
    const { client, channel, body, stream, script, lenient = false, model = vendorOf(channel).model } = question
    const from = vendorOf(client)
    const upstream = this.#upstream(channel)
    const before = upstream.requests.length
    this.#complaints.length = 0
    upstream.next(lenient ? script : strictly(vendorOf(channel), script, this.#complaints))
    const sent = Buffer.from(JSON.stringify({ ...body, ...howToAnswer(client, model, stream) }))
    const headers = from.headers(this.gateway.key)
    const answer = await this.gateway.send({ target: from.target({ stream, model }), headers, body: sent }).done
    return {
      sent,
      arrived: upstream.requests[before] ?? null,
      answer,
      losses: lossesIn(answer.header('x-routex-warnings')),
      complaints: [...this.#complaints]
    }
  }

  #upstream(channel: ProtocolId): FakeUpstream {
    const upstream = this.#upstreams.get(channel)
    if (upstream === undefined) throw new Error(`no channel of ${channel}`)
    return upstream
  }
}

/** Models that take other things than their vendor's usual one here. */
export const OTHER_MODELS: Partial<Readonly<Record<ProtocolId, readonly string[]>>> = {
  anthropic: ['claude-opus-4-8', 'claude-3-5-haiku-latest'],
  'openai-chat': ['gpt-5.5', 'o3', 'gpt-4o-search-preview'],
  'openai-responses': ['gpt-5.2-codex'],
  gemini: ['gemini-3-pro-preview', 'gemini-2.0-flash']
}

export function vendorOf(protocol: ProtocolId): Vendor {
  const vendor = VENDORS.find((one) => one.protocol === protocol)
  if (vendor === undefined) throw new Error(`no vendor of ${protocol}`)
  return vendor
}

function howToAnswer(client: ProtocolId, model: string, stream: boolean): object {
  if (client === 'gemini') return {}
  if (!stream) return { model }
  return { model, stream, ...(client === 'openai-chat' && { stream_options: { include_usage: true } }) }
}

/** Names only: details are prose. */
function lossesIn(header: string | undefined): readonly LossName[] {
  const names = (header ?? '').replaceAll(/ \([^)]*\)/g, '').split(', ')
  return [...new Set(names.filter((name) => name !== ''))].sort() as LossName[]
}

export async function startMatrix(register: Register): Promise<MatrixGateway> {
  const upstreams = new Map<ProtocolId, FakeUpstream>()
  for (const vendor of VENDORS) {
    const upstream = await startFakeUpstream(register)
    upstream.always(says(vendor, { text: 'not scripted' }))
    upstreams.set(vendor.protocol, upstream)
  }
  const channels = VENDORS.map((vendor) => {
    const upstream = upstreams.get(vendor.protocol)
    expect(upstream).toBeDefined()
    return channelOf(vendor, upstream?.url ?? '', {
      name: vendor.protocol,
      models: [vendor.model, ...(OTHER_MODELS[vendor.protocol] ?? [])]
    })
  })
  return new MatrixGateway(await startGateway({ register, config: withChannels(channels) }), upstreams, [])
}
