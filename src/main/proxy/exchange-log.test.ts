import { expect, test } from 'vitest'
import { ExchangeLog, newRequestId } from './exchange-log'

const client = {
  method: 'POST',
  path: '/v1/messages',
  query: 'key=secret',
  headers: {},
  remoteAddress: '127.0.0.1',
  readBody: () => Promise.reject(new Error('nobody reads it'))
}
const arrived = () => new ExchangeLog(newRequestId(1000), 1000, 50, client)

test('B30 a request that is abandoned before anything is known of it leaves a row all the same', () => {
  expect(arrived().abandoned(80)).toMatchObject({
    ...{ method: 'POST', path: '/v1/messages', protocol: null, model: null, channelId: null },
    ...{ outcome: 'cancelled', status: 499, errorCode: 'stopped', totalMs: 30, attempts: [] }
  })
})

test('B30 a request whose row is on its way to the journal leaves no second one', () => {
  const log = arrived()
  const gone = { outcome: 'cancelled', status: 499, errorCode: 'cancelled', errorMessage: null } as const
  log.record({ ...gone, relayed: null, bytes: 0, lease: null }, 60)
  expect(log.abandoned(80)).toBeNull()
})
