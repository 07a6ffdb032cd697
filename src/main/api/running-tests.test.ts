import { expect, test } from 'vitest'
import { makeApiWorld } from '../../../test/support/api-world'
import { startFakeUpstream } from '../../../test/support/fake-upstream'
import { hangForever } from '../../../test/support/scripts'

test('a test that is stopped ends at once, with its request to the upstream', async () => {
  const { call } = await makeApiWorld()
  const upstream = await startFakeUpstream()
  upstream.next(hangForever)
  const channel = { name: 'main', protocol: 'anthropic' as const, baseUrl: upstream.url, models: ['claude-sonnet-4-5'] }
  const testing = call('channels.tryOut', { channel, testId: 'one' })
  const request = await upstream.request(1)
  await call('channels.stopTest', { testId: 'another' })
  expect(request.wasAborted).toBe(false)

  expect(await call('channels.stopTest', { testId: 'one' })).toEqual({ ok: true })

  expect(await testing).toMatchObject({ ok: false, steps: [{ step: 'connect' }, { error: 'the test was stopped' }] })
  await request.aborted
  expect(upstream.requests).toHaveLength(1)
  await expect(call('channels.stopTest', { testId: 'one' })).resolves.toEqual({ ok: true })
})
