import type { ChannelId, ClientKeyId, RequestId } from '../../src/shared/ids'
import type { RequestRecord } from '../../src/shared/request-log'

let made = 0

/** A good answer with usage, at its own id. */
export function makeRecord(said: Partial<RequestRecord> = {}): RequestRecord {
  made++
  return {
    id: `req-${String(made).padStart(8, '0')}` as RequestId,
    at: Date.UTC(2026, 0, 1),
    method: 'POST',
    path: '/v1/messages',
    protocol: 'anthropic',
    operation: 'generate',
    clientKeyId: 'key_1' as ClientKeyId,
    clientKeyName: 'Default',
    client: 'claude-cli/2.1.330',
    sessionId: 'session-1',
    model: 'claude-sonnet-4-5',
    stream: true,
    channelId: 'ch_1' as ChannelId,
    channelName: 'Main',
    upstreamHost: 'api.anthropic.com',
    sentModel: 'claude-sonnet-4-5',
    status: 200,
    outcome: 'ok',
    errorCode: null,
    errorMessage: null,
    totalMs: 1234.5,
    firstByteMs: 345.25,
    ownMs: 0.5,
    requestBytes: 2048,
    responseBytes: 1024,
    usage: { input: 100, cacheRead: 1000, cacheWrite: 50, cacheWrite1h: 0, output: 200, reasoning: 20 },
    rawUsage: '{"input_tokens":100}',
    attempts: [
      {
        channelId: 'ch_1' as ChannelId,
        channelName: 'Main',
        model: 'claude-sonnet-4-5',
        startedMs: 0.25,
        firstByteMs: 345,
        endedMs: 1234,
        status: 200,
        verdict: 'ok',
        message: null
      }
    ],
    excluded: [],
    channelProtocol: null,
    warnings: null,
    demo: false,
    ...said
  }
}
