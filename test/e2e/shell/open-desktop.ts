import { onTestFinished } from 'vitest'
import type { Page } from 'playwright-core'
import type { CallName, CallParams, CallResult } from '../../../src/shared/contract'
import type {} from '../../../src/renderer/lib/bridge-transport'
import type { Reply } from '../../../src/shared/ipc'
import { launch, type LaunchOptions } from '../../support/electron/launch'
import type { Register } from '../../support/fake-upstream'

/** The built desktop app on the stand-in, as one test uses it. It ends with the test. */
export interface Desktop {
  readonly userData: string
  readonly exited: Promise<number | null>
  remote<T>(method: string, ...args: unknown[]): Promise<T>
  /** The page of the window that is open. */
  page(): Promise<Page>
  /** Calls of the stand-in's functions so far. */
  recorded(name: string): Promise<readonly { readonly args: readonly unknown[] }[]>
}

/** Starts it on a port of its own, unless `args` say otherwise. */
export async function openDesktop(options: LaunchOptions = {}, register: Register = onTestFinished): Promise<Desktop> {
  const running = await launch({ args: ['--port', '0'], ...options })
  register(async () => void (await running.stop()))
  return { ...running, recorded: (name) => running.remote('calls', name) }
}

/** A call as the page makes it: through the preload, IPC and the API. Rejects with the error's code and message. */
export async function callFromPage<N extends CallName>(page: Page, name: N, params: CallParams<N>) {
  const reply = (await page.evaluate(([callName, callParams]) => window.routex?.call(callName, callParams), [
    name,
    params
  ] as const)) as Reply
  if (!reply.ok) throw new Error(`${reply.error.code}: ${reply.error.message}`)
  return reply.result as CallResult<N>
}

/** Asks the Demo channel something through the gateway. */
export async function askGateway(url: string, clientKey: string): Promise<number> {
  const response = await fetch(`${url}/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': clientKey, 'anthropic-version': '2023-06-01' },
    body: JSON.stringify({ model: 'demo', max_tokens: 64, messages: [{ role: 'user', content: 'Hello' }] })
  })
  await response.arrayBuffer()
  return response.status
}

/** A channel that stands in front of the Demo channel, which answers only while there is no other. */
export async function addUpstream(page: Page, baseUrl: string, name = 'upstream') {
  return callFromPage(page, 'channels.create', { name, protocol: 'anthropic', baseUrl, apiKey: 'sk-test' })
}

/** The gateway's address and a fresh client key. */
export async function gatewayOf(page: Page): Promise<{ readonly url: string; readonly clientKey: string }> {
  const { url } = await callFromPage(page, 'gateway.status', {})
  if (url === null) throw new Error('the gateway is off')
  const { secret } = await callFromPage(page, 'clientKeys.create', { name: 'shell test' })
  return { url, clientKey: secret }
}
