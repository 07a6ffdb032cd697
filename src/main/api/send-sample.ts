import type { CallParams, CallResult } from '../../shared/contract'
import { protocols } from '../protocols/registry'
import { headerOf } from '../protocols/retry-after'
import { ApiError } from './api-error'
import { askUpstream } from './ask-upstream'
import type { ApiDependencies } from './dependencies'
import { samplesOf } from './sample-requests'

/** A person waits for it. */
const LIMITS = { connectMs: 3_000, totalMs: 120_000, maxBytes: 1024 * 1024 }

type SampleDependencies = Pick<ApiDependencies, 'config' | 'gateway' | 'transport' | 'clock'>

interface SampleOfClient extends CallParams<'gateway.sendSample'> {
  /** The text of the key that is presented. */
  readonly key: string
  /** What the log calls the client by. */
  readonly userAgent: string
}

/**
 * Sends one small request to this very gateway, as a client would: with a client key, over its listener, so that it is
 * placed, counted and logged like any other. Says with which status it was answered, and under which id it is in the log.
 * @throws ApiError `gateway_off`, `gateway_silent`
 */
export async function sendAsClient(
  dependencies: SampleDependencies,
  { protocol, model, key, userAgent }: SampleOfClient
): Promise<{ readonly status: number; readonly requestId: string | null }> {
  const { url: gatewayUrl } = dependencies.gateway.status()
  if (gatewayUrl === null) throw new ApiError('gateway_off', 'The gateway is off: turn it on to send a request')
  const [sample] = samplesOf(protocol, model, false)
  if (sample === undefined) throw new ApiError('internal', `There is no sample request of ${protocol}`)
  const headers = [
    ...Object.entries(protocols[protocol].credentialHeaders(key)).flat(),
    ...(protocol === 'anthropic' ? ['anthropic-version', '2023-06-01'] : []),
    ...['content-type', 'application/json', 'user-agent', userAgent]
  ]
  const url = new URL(`${gatewayUrl}${sample.path}`)
  const body = Buffer.from(JSON.stringify(sample.body))
  const answer = await askUpstream(dependencies, { method: 'POST', url, headers, body }, LIMITS)
  if (answer.kind === 'failed')
    throw new ApiError('gateway_silent', `The gateway did not answer: ${answer.error.message}`)
  return { status: answer.status, requestId: headerOf(answer.headers, 'x-routex-request-id') }
}

/** @throws ApiError `gateway_off`, `no_client_key`, `gateway_silent` */
export async function sendSample(
  dependencies: SampleDependencies,
  sample: CallParams<'gateway.sendSample'>
): Promise<CallResult<'gateway.sendSample'>> {
  const key = usableKey(dependencies.config)
  const { status } = await sendAsClient(dependencies, { ...sample, key, userAgent: 'routex-first-request' })
  return { status }
}

/** A key that may use every channel where there is one. */
function usableKey(config: ApiDependencies['config']): string {
  const keys = config
    .clientKeyViews()
    .toSorted((one, other) => reach(one.allowedChannels) - reach(other.allowedChannels))
  for (const { id } of keys) {
    const secret = config.clientKeySecret(id)
    if (secret !== undefined) return secret
  }
  throw new ApiError('no_client_key', 'There is no client key to send it with: make one first')
}

const reach = (allowedChannels: readonly unknown[] | null): number => (allowedChannels === null ? 0 : 1)
