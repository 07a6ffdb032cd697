import { describe, expect, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { unusedUrl } from '../support/fake-upstream'
import { startGateway } from '../support/start-gateway'
import { startTwoChannels } from '../support/two-channels'
import { anthropic, fails, gemini, openaiChat, VENDORS, type Vendor } from '../support/vendors/vendors'

describe('where no candidate is left', () => {
  test.each(VENDORS)('B03 the $protocol client gets the last upstream’s own status and body', async (vendor) => {
    const { first, second, gateway } = await startTwoChannels(vendor)
    first.next(fails(vendor, 500, 'first is broken'))
    second.next(fails(vendor, 503, 'second is overloaded', { 'x-upstream': 'second' }))
    const answer = await gateway.ask(vendor, { stream: true }).done
    expect(answer.status).toBe(503)
    expect(answer.json()).toEqual(vendor.error(503, 'second is overloaded'))
    expect(answer.header('x-routex-attempts')).toBe('2')
    expect(await gateway.onlyRow()).toMatchObject({ outcome: 'upstream_error', status: 503, channelName: 'second' })
  })

  test.each(VENDORS)(
    'B03 with no answer at all the $protocol client gets a 502 in its own error shape',
    async (vendor) => {
      const gateway = await startGateway({ config: withChannels([channelOf(vendor, await unusedUrl())]) })
      const answer = await gateway.ask(vendor).done
      expect(answer.status).toBe(502)
      expectErrorShape(vendor, answer.json())
      expect(await gateway.onlyRow()).toMatchObject({ outcome: 'upstream_error', status: 502 })
    }
  )

  test.each(VENDORS)(
    'B03 with nothing tried the $protocol client reads the reason of each exclusion',
    async (vendor) => {
      const config = withChannels([
        channelOf(vendor, await unusedUrl(), { name: 'switched off', enabled: false }),
        channelOf(vendor, await unusedUrl(), { name: 'other models', models: ['unheard-*'] }),
        channelOf(vendor === anthropic ? gemini : anthropic, await unusedUrl(), { name: 'off too', enabled: false })
      ])
      const gateway = await startGateway({ config })
      const answer = await gateway.ask(vendor).done
      expect([404, 503]).toContain(answer.status)
      const message = expectErrorShape(vendor, answer.json())
      for (const name of ['switched off', 'other models', 'off too']) expect(message).toContain(name)
      const row = await gateway.onlyRow()
      expect(row).toMatchObject({ outcome: 'refused', errorCode: 'no_candidate' })
      expect(row.excluded.map(({ channelName, reason }) => ({ channelName, reason })).sort(byName)).toEqual([
        { channelName: 'off too', reason: expect.stringContaining('disabled') as string },
        { channelName: 'other models', reason: expect.stringContaining('model') as string },
        { channelName: 'switched off', reason: expect.stringContaining('disabled') as string }
      ])
    }
  )

  test('B03 of what can not be translated the reason is the protocol', async () => {
    const gateway = await startGateway({
      config: withChannels([channelOf(anthropic, await unusedUrl(), { name: 'other protocol' })])
    })
    const answer = await gateway.send({
      target: '/v1/embeddings',
      headers: openaiChat.headers(gateway.key),
      body: { model: 'text-embedding-3-small', input: 'Say hello.' }
    }).done
    expect([404, 503]).toContain(answer.status)
    expect(expectErrorShape(openaiChat, answer.json())).toContain('other protocol')
    const { excluded } = await gateway.onlyRow()
    expect(excluded).toMatchObject([
      { channelName: 'other protocol', reason: expect.stringContaining('protocol') as string }
    ])
  })
})

const byName = (a: { readonly channelName: string }, b: { readonly channelName: string }): number =>
  a.channelName.localeCompare(b.channelName)

/** @returns the message of an error in the vendor's own shape */
function expectErrorShape(vendor: Vendor, body: unknown): string {
  const message = expect.any(String) as string
  if (vendor === anthropic) expect(body).toMatchObject({ type: 'error', error: { type: message, message } })
  else if (vendor === gemini)
    expect(body).toMatchObject({ error: { code: expect.any(Number) as number, message, status: message } })
  else expect(body).toMatchObject({ error: { message, type: message } })
  return (body as { readonly error: { readonly message: string } }).error.message
}
