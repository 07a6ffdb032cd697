import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { fileScope } from '../../support/file-scope'
import { makeTempDir } from '../../support/temp-dir'
import { askGateway, callFromPage, gatewayOf, openDesktop, type Desktop } from './open-desktop'

const atTheEnd = fileScope()
const link = (name: string): string =>
  `routex://import?name=${name}&protocol=anthropic&baseUrl=https%3A%2F%2Fapi.example&apiKey=sk-secret`

describe('one desktop app', () => {
  let desktop: Desktop
  let page: Page
  beforeAll(async () => {
    desktop = await openDesktop({}, atTheEnd)
    page = await desktop.page()
  })
  const pendingNames = async (): Promise<readonly (string | null)[] | undefined> =>
    (await callFromPage(page, 'imports.pending', {})).pending?.channels.map(({ name }) => name)

  test('a link that another start was given waits for a yes in the window of the first, and adds nothing by itself', async () => {
    await desktop.remote('closeWindow')
    const second = fork('out/main/index.js', [link('linked')], {
      execArgv: ['--import', './test/support/electron/register.mjs'],
      env: { ...process.env, SHIM_USER_DATA: desktop.userData }
    })
    await once(second, 'exit')
    await expect.poll(() => desktop.remote('windows')).toMatchObject([{ visible: true }])
    await expect.poll(pendingNames).toEqual(['linked'])
    const { channels } = await callFromPage(page, 'channels.list', {})
    expect(channels.map(({ name }) => name)).not.toContain('linked')
    expect(JSON.stringify(await callFromPage(page, 'imports.pending', {}))).not.toContain('sk-secret')
  })

  test('a link that macOS hands over as an event takes its place', async () => {
    await desktop.remote('emit', 'app', 'open-url', link('later'))
    await expect.poll(pendingNames).toEqual(['later'])
  })

  const save = (params: unknown) =>
    page.evaluate(async (given): Promise<unknown> => {
      const told: number[] = []
      const reply = await window.routex?.saveExport(given, ({ rows }) => told.push(rows))
      Object.assign(window, { told })
      return reply
    }, params)

  test('an export is written where the user says, with its progress', async () => {
    const { url, clientKey } = await gatewayOf(page)
    for (let request = 0; request < 3; request++) await askGateway(url, clientKey)
    const filePath = join(await makeTempDir(), 'requests.csv')
    await desktop.remote('answer', 'dialog.showSaveDialog', { canceled: false, filePath })
    expect(await save({ format: 'csv' })).toEqual({ ok: true, result: { saved: true, path: filePath, rows: 3 } })
    expect(readFileSync(filePath, 'utf8').split('\r\n')).toHaveLength(5)
    const told = await page.evaluate<readonly number[]>('window.told')
    expect(told.length).toBeGreaterThan(0)
    const [asked] = await desktop.recorded('dialog.showSaveDialog')
    expect(asked?.args[0]).toMatchObject({ defaultPath: join(desktop.userData, 'downloads', 'routex-requests.csv') })
  })

  test('cancelled in the dialog it writes nothing, and a place that can not be written is told', async () => {
    await desktop.remote('answer', 'dialog.showSaveDialog', { canceled: true, filePath: '' })
    expect(await save({ format: 'jsonl' })).toEqual({ ok: true, result: { saved: false } })
    const filePath = join(desktop.userData, 'nowhere', 'requests.jsonl')
    await desktop.remote('answer', 'dialog.showSaveDialog', { canceled: false, filePath })
    expect(await save({ format: 'jsonl' })).toMatchObject({ ok: false, error: { code: 'export_unwritable' } })
    expect(existsSync(filePath)).toBe(false)
  })
})

test('a link among the arguments of the first start opens the window even in a hidden start', async () => {
  const desktop = await openDesktop({ args: ['--port', '0', '--hidden', link('first')] })
  const page = await desktop.page()
  const { pending } = await callFromPage(page, 'imports.pending', {})
  expect(pending?.channels).toMatchObject([{ name: 'first', hasCredential: true }])
})
