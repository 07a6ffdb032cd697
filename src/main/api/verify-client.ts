import type { ClientVerification } from '../../shared/clients'
import type { CallParams } from '../../shared/contract'
import { requestId } from '../../shared/ids'
import type { RequestRow } from '../../shared/request-log'
import type { ApiDependencies } from './dependencies'
import { sendAsClient } from './send-sample'

function messageOf(status: number, row: RequestRow | null): string {
  if (status < 400) return row?.channelName ? `${row.channelName} answered with ${status}` : `Answered with ${status}`
  return row?.errorMessage ?? `Answered with ${status}`
}

/**
 * Sends what a client would send, by what its settings say now, and finds the row that it left in the log.
 * @throws ApiError, ClientError 409 while the gateway is off
 */
export async function verifyClient(
  dependencies: ApiDependencies,
  { client, model: wanted, ...asked }: CallParams<'clients.verify'>
): Promise<ClientVerification> {
  const { clients, logs } = dependencies
  const verification = await clients.connections.verification(client, wanted, asked)
  const { kind, protocol, model } = verification
  const conflicts = [...verification.conflicts]
  if (kind === 'elsewhere') {
    return { ok: false, protocol, model, status: null, message: verification.message, row: null, conflicts }
  }
  const sample = { protocol, model, key: verification.key, userAgent: `routex-test-of-${client}` }
  const { status, requestId: sent } = await sendAsClient(dependencies, sample)
  const id = requestId.safeParse(sent)
  const row = id.success ? ((await logs.get(id.data)) ?? null) : null
  return { ok: status < 400, protocol, model, status, message: messageOf(status, row), row, conflicts }
}
