import { budgetStanding, type BudgetStanding } from '../../../src/shared/budget'
import { channelView, type ChannelView } from '../../../src/shared/channel'
import { gatewayStatus } from '../../../src/shared/gateway-status'
import { channelHealthView } from '../../../src/shared/health'
import { affinityStats, type AffinityStats } from '../../../src/shared/sessions'
import { overview, processStats, writerStats } from '../../../src/shared/stats'
import type { GatewayStatus } from '../../../src/shared/gateway-status'
import type { ChannelHealthView } from '../../../src/shared/health'
import type { Overview, ProcessStats, WriterStats } from '../../../src/shared/stats'
import { requestRow, type RequestRow } from '../../../src/shared/request-log'

/** Data for the page alone: plausible, of every state, and passed through the contract's schemas like the real ones. */
export function sampleStatus(change: Partial<GatewayStatus> = {}): GatewayStatus {
  return gatewayStatus.parse({
    state: 'on',
    pausedUntil: null,
    url: 'http://127.0.0.1:8080',
    version: '0.1.0',
    startedAt: 0,
    configError: null,
    givenAtStart: { host: null, port: null },
    turnedOnAt: { host: '127.0.0.1', port: 8080 },
    secretStore: 'keychain',
    inFlight: 0,
    ...change
  })
}

export function sampleChannel(name: string, change: Partial<Record<keyof ChannelView, unknown>> = {}): ChannelView {
  const slug = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')
  return channelView.parse({
    id: slug,
    name,
    slug,
    protocol: 'anthropic',
    baseUrl: 'https://api.example.test',
    models: ['*'],
    modelMap: {},
    priority: 50,
    weight: 1,
    enabled: true,
    headers: {},
    timeouts: {},
    askForUsage: false,
    budget: null,
    prices: {},
    priceMultiplier: 1,
    quirks: {},
    managedBy: 'user',
    hasCredential: true,
    credentialLast4: 'a1b2',
    ...change
  })
}

export function sampleHealth(
  channel: ChannelView,
  change: Partial<Record<keyof ChannelHealthView, unknown>> = {}
): ChannelHealthView {
  const { id, name, slug, enabled } = channel
  return channelHealthView.parse({
    id,
    name,
    slug,
    enabled,
    state: 'closed',
    failures: 0,
    inFlight: 0,
    missingModels: [],
    ...change
  })
}

/** How it stands with a channel's budget of which nothing is left. */
export function usedUp(id: string, change: Partial<BudgetStanding> = {}): BudgetStanding {
  return budgetStanding.parse({
    owner: { kind: 'channel', id, name: id },
    period: 'day',
    limitUsd: 5,
    spentUsd: 5.2,
    unknownRequests: 0,
    state: 'used_up',
    switchesTo: null,
    switchTakesAll: true,
    isTargetGone: false,
    until: Date.now() + 3_600_000,
    ...change
  })
}

export function sampleRequest(id: string, change: Partial<Record<keyof RequestRow, unknown>> = {}): RequestRow {
  return requestRow.parse({
    id,
    at: 0,
    method: 'POST',
    path: '/v1/messages',
    protocol: 'anthropic',
    operation: 'generate',
    clientKeyId: 'key-1',
    clientKeyName: 'default',
    client: 'claude-cli/2.1.330',
    sessionId: null,
    model: 'claude-sonnet-4-5',
    stream: true,
    channelId: 'anthropic-main',
    channelName: 'Anthropic main',
    channelProtocol: 'anthropic',
    upstreamHost: 'api.example.test',
    sentModel: 'claude-sonnet-4-5',
    status: 200,
    outcome: 'ok',
    errorCode: null,
    errorMessage: null,
    totalMs: 4210,
    firstByteMs: 812,
    ownMs: 0.4,
    requestBytes: 48_120,
    responseBytes: 9_310,
    usage: { input: 412, cacheRead: 38_210, cacheWrite: 1_204, cacheWrite1h: 0, output: 1_284, reasoning: 0 },
    rawUsage: null,
    attempts: [],
    excluded: [],
    warnings: null,
    demo: false,
    costUsd: 0.0365,
    priceSource: 'anthropic/claude-sonnet-4-5',
    ...change
  })
}

export const sampleOverview: Overview = overview.parse({
  requests: 1284,
  errors: 12,
  tokens: { input: 1_240_000, cacheRead: 38_400_000, cacheWrite: 912_000, output: 648_000, reasoning: 120_000 },
  usageUnknown: 3,
  costUsd: 12.4,
  costUnknown: 3,
  cacheHitRate: 0.947,
  totalMs: { p50: 2_100, p95: 18_400, p99: 42_000 },
  firstByteMs: { p50: 640, p95: 2_200, p99: 4_100 }
})

export const sampleAffinity: AffinityStats = affinityStats.parse({
  size: 42,
  limit: 10_000,
  usedPercent: 0.42,
  hits: 1_180,
  misses: 104,
  repins: 7,
  evictions: 0,
  expiries: 31,
  oldest: 0,
  newest: 0
})

export const sampleWriter: WriterStats = writerStats.parse({
  queued: 3,
  waitingInMemory: 0,
  dropped: 0,
  rowsWritten: 1_284,
  flushes: 96,
  lastBatchRows: 14,
  lastFlushMs: 3.2,
  rowsPerSecond: 0.4,
  badRecords: 0,
  journalBytes: 18_204,
  statements: 2_570,
  transactions: 96,
  databaseBytes: { config: 94_208, logs: 41_287_680 },
  lastError: null,
  setAside: null
})

export const sampleProcess: ProcessStats = processStats.parse({
  uptimeMs: 7_260_000,
  rssBytes: 98_304_000,
  heapUsedBytes: 31_457_280,
  cpuShare: 0.012,
  eventLoop: { p50Ms: 0.4, p99Ms: 4.1, maxMs: 12.8 },
  dataDir: '/home/ada/.local/share/routex',
  versions: { routex: '0.1.0', node: '24.21.0', sqlite: '3.50.4', v8: '13.6.233' }
})
