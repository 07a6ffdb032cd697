import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer as createHttpsServer } from 'node:https'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { channelOf, withChannels } from '../support/config'
import { startFakeUpstream } from '../support/fake-upstream'
import { SELF_SIGNED } from '../support/self-signed'
import { startGateway } from '../support/start-gateway'
import { startHeadless } from '../support/start-headless'
import { makeTempDir } from '../support/temp-dir'
import { anthropic, openaiChat, says } from '../support/vendors/vendors'

test('HTTPS is verified: a certificate that nobody trusts gets neither request nor credential', async () => {
  let requests = 0
  const server = createHttpsServer(SELF_SIGNED, (_request, response) => {
    requests += 1
    response.end('{}')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const { port } = server.address() as AddressInfo
  const gateway = await startGateway({ config: withChannels([channelOf(anthropic, `https://127.0.0.1:${port}`)]) })
  const answer = await gateway.ask(anthropic).done
  expect(answer.status).toBe(502)
  expect(answer.text).toMatch(/certificate|self.signed/i)
  expect(requests).toBe(0)
  expect((await gateway.onlyRow()).attempts).toMatchObject([{ verdict: 'tls' }])
})

/** A proxy that takes CONNECT and whole URLs for any name, and sends all of it to `target`. */
async function startProxy(target: string): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = []
  const { hostname, port } = new URL(target)
  const sockets = new Set<Socket>()
  const server = createServer((client) => {
    sockets.add(client)
    client.once('data', (head) => {
      const line = head.toString('latin1').split('\r\n')[0] ?? ''
      asked.push(line)
      const upstream = connect(Number(port), hostname)
      sockets.add(upstream)
      if (line.startsWith('CONNECT ')) client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      else upstream.write(head)
      client.pipe(upstream).pipe(client)
      client.on('error', () => upstream.destroy())
      upstream.on('error', () => client.destroy())
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked }
}

const proxyEnv = (url: string): Readonly<Record<string, string>> =>
  Object.fromEntries(['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy'].map((name) => [name, url]))

test('HTTP_PROXY is respected for an upstream far away, and not for one on loopback', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(openaiChat, { text: 'through the proxy' }))
  const local = await startFakeUpstream()
  local.always(says(anthropic, { text: 'straight' }))
  const proxy = await startProxy(upstream.url)
  const { gateway } = await startHeadless({
    config: withChannels([
      channelOf(openaiChat, 'http://api.vendor.example/v1', { name: 'far' }),
      channelOf(anthropic, local, { name: 'near' })
    ]),
    env: { ...proxyEnv(proxy.url), NO_PROXY: '', no_proxy: '' }
  })
  expect((await gateway.ask(openaiChat).done).text).toContain('through the proxy')
  expect(proxy.asked).toHaveLength(1)
  expect(proxy.asked[0]).toContain('api.vendor.example')
  expect(upstream.requests[0]?.headers.host).toMatch(/^api\.vendor\.example(:80)?$/)
  expect(upstream.requests[0]?.headers.via, 'a public address carries no via').toBeUndefined()
  expect((await gateway.ask(anthropic).done).text).toContain('straight')
  expect(proxy.asked).toHaveLength(1)
})

test('a proxy that is named without its scheme is used, and one that does not answer is named without its password', async () => {
  const upstream = await startFakeUpstream()
  upstream.always(says(openaiChat, { text: 'through the proxy' }))
  const proxy = await startProxy(upstream.url)
  const config = withChannels([channelOf(openaiChat, 'http://api.vendor.example/v1')])
  const bare = await startGateway({ config, env: { HTTP_PROXY: proxy.url.replace('http://', '') } })
  expect((await bare.ask(openaiChat).done).text).toContain('through the proxy')
  const dead = await startGateway({ config, env: { HTTP_PROXY: 'user:secretpw@127.0.0.1:1' } })
  const answer = await dead.ask(openaiChat).done
  expect([answer.status, answer.text]).toEqual([502, expect.stringContaining('through the proxy 127.0.0.1:1')])
  expect(answer.text + dead.logged.join()).not.toContain('secretpw')
})

test('a proxy that is none ends the start', async () => {
  await expect(startGateway({ env: { HTTPS_PROXY: 'not a proxy' } })).rejects.toMatchObject({ code: 'bad_environment' })
})

test('HTTPS_PROXY is asked for a tunnel to an upstream far away', async () => {
  const upstream = await startFakeUpstream()
  const proxy = await startProxy(upstream.url)
  const { gateway } = await startHeadless({
    config: withChannels([channelOf(openaiChat, 'https://api.vendor.example/v1', { name: 'far' })]),
    env: { HTTPS_PROXY: proxy.url, https_proxy: proxy.url, NO_PROXY: '', no_proxy: '' }
  })
  // What stands behind this proxy speaks no TLS, so the tunnel is all that there is to see.
  expect((await gateway.ask(openaiChat).done).status).toBe(502)
  expect(proxy.asked).toEqual([expect.stringMatching(/^CONNECT api\.vendor\.example:443 /)])
})

test('HTTPS_PROXY carries a TLS connection of our own to the upstream, streamed answers and all', async () => {
  const dir = await makeTempDir()
  await writeFile(join(dir, 'ca.pem'), SELF_SIGNED.cert)
  const targets: string[] = []
  const server = createHttpsServer(SELF_SIGNED, (request, response) => {
    targets.push(`${request.headers.host ?? ''} ${String(request.headers['x-api-key'])}`)
    request.resume().once('end', () => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end(anthropic.events({ text: 'through the tunnel' }).join(''))
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const proxy = await startProxy(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const { gateway } = await startHeadless({
    config: withChannels([channelOf(anthropic, 'https://api.vendor.example')]),
    env: { ...proxyEnv(proxy.url), NO_PROXY: '', no_proxy: '', NODE_EXTRA_CA_CERTS: join(dir, 'ca.pem') }
  })
  const answer = await gateway.ask(anthropic, { stream: true }).done
  expect(answer.text).toBe(anthropic.events({ text: 'through the tunnel' }).join(''))
  expect(answer.complete).toBe(true)
  expect(proxy.asked).toEqual(['CONNECT api.vendor.example:443 HTTP/1.1'])
  expect(targets).toEqual(['api.vendor.example sk-upstream-secret-main'])
})
