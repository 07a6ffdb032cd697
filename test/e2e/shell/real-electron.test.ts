import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { _electron } from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { displayProblem, downloadProblem, electronBinary } from '../../../scripts/setup/electron.mjs'
import { makeTempDir } from '../../support/temp-dir'
import { askGateway, callFromPage, gatewayOf } from './open-desktop'

const root = join(import.meta.dirname, '..', '..', '..')
const machine = { platform: process.platform, env: process.env, uid: process.getuid?.() }
const binary = electronBinary(root)
/** Why the real Electron can't be tried here; null when it can. */
const problem =
  binary === undefined
    ? 'its binary is not installed: node node_modules/electron/install.js fetches it'
    : (displayProblem(machine) ?? downloadProblem(machine) ?? null)

if (problem !== null) console.warn(`The real Electron is NOT tried here: ${problem}.`)

/** What the stand-in can't show: the real window, the isolated world of the preload, the app's own protocol. */
test.skipIf(problem !== null)(
  `in a real Electron the app starts, shows its page over IPC, hides, and quits${problem === null ? '' : ` (not tried: ${problem})`}`,
  { timeout: 120_000 },
  async () => {
    const userData = await makeTempDir()
    const readyFile = join(userData, 'ready')
    // On macOS the program can't tell this end from the Dock's, and would ask.
    writeFileSync(join(userData, 'shell.json'), JSON.stringify({ quitWithoutAsking: true }))
    const electron = await _electron.launch({
      ...(binary !== undefined && { executablePath: binary }),
      args: [root, '--port', '0', '--data-dir', userData],
      env: { ...process.env, ROUTEX_READY_FILE: readyFile }
    })
    onTestFinished(async () => electron.close().catch(() => undefined))
    const page = await electron.firstWindow()
    await page.waitForLoadState()
    await expect.poll(() => existsSync(readyFile)).toBe(true)
    expect(page.url()).toMatch(/^app:\/\/routex\/index\.html/)

    const { url, clientKey } = await gatewayOf(page)
    expect(await askGateway(url, clientKey)).toBe(200)
    expect((await callFromPage(page, 'logs.query', {})).rows).toHaveLength(1)
    expect(await page.evaluate(() => ['require', 'process'].filter((name) => name in window))).toEqual([])
    expect(
      await page.evaluate(() =>
        fetch('https://evil.example/').then(
          () => 'went',
          () => 'refused'
        )
      )
    ).toBe('refused')

    // Closing hides it; the gateway goes on.
    await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    expect(await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isVisible())).toBe(false)
    expect(await askGateway(url, clientKey)).toBe(200)

    const exited = new Promise((resolve) => electron.process().once('exit', resolve))
    await electron.evaluate(({ app }) => setImmediate(() => app.quit()))
    expect(await exited).toBe(0)
    expect(await fetch(`${url}/health`).catch(() => 'closed')).toBe('closed')
  }
)
