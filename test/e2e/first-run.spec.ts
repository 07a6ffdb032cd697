import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { PROTOCOLS } from '../../src/shared/protocol'
import { curlSnippet } from '../../src/renderer/components/first-run/curl-snippet'
import { sdkSnippets } from '../../src/renderer/components/first-run/sdk-snippets'
import { expect, openPage, test } from './support/fixtures'
import { lookAt } from './support/looks'

const run = promisify(execFile)

test('each step is accessible, and looks as it should', async ({ page, start, complaints }) => {
  test.slow()
  const routex = await start({ firstRun: true })
  await openPage(page, routex)
  await expect(page.getByRole('button', { name: /Anthropic/ }).first()).toBeVisible()
  await lookAt(page, routex, 'first-run-channel')
  await page.getByRole('button', { name: /^Anthropic/ }).click()
  await lookAt(page, routex, 'first-run-new-channel')
  await page.getByRole('button', { name: 'Back' }).click()
  await page.getByRole('button', { name: /Demo/ }).click()
  for (const client of ['Claude Code', 'Codex', 'Gemini CLI', 'OpenCode', 'curl', 'Python', 'TypeScript']) {
    await page.getByRole('tab', { name: client }).click()
    await expect(page.getByRole('tabpanel')).toContainText(routex.gateway)
    await lookAt(page, routex, `first-run-${client.toLowerCase().replace(' ', '-')}`)
  }
  await page.getByRole('button', { name: 'Next' }).click()
  await lookAt(page, routex, 'first-run-waiting')
  await page.getByRole('button', { name: 'Send one for me' }).click()
  await expect(page.getByText('It arrived')).toBeVisible()
  await lookAt(page, routex, 'first-run-arrived')
  await page.getByRole('button', { name: 'Done' }).click()
  await expect(page.getByRole('region', { name: 'Throughput' })).toBeVisible()
  expect((await routex.call('settings.get', {})).settings.firstRunDone).toBe(true)
  // The same on a page of its own.
  await page.evaluate(() => void (location.hash = '#/first-run'))
  await expect(page.getByRole('heading', { level: 1, name: 'First steps' })).toBeVisible()
  await lookAt(page, routex, 'first-run-again')
  expect(complaints).toEqual([])
})

test('a channel, a client and a first request: the curl line of the page is copied, run in a shell, and seen to arrive', async ({
  page,
  context,
  start,
  upstream,
  complaints
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const routex = await start({ firstRun: true })
  const well = await upstream()
  await openPage(page, routex)
  await page.getByRole('button', { name: /^Custom/ }).click()
  await page.getByLabel('Name', { exact: true }).fill('Mine')
  await page.getByLabel('Base URL').fill(well.url)
  await page.getByLabel('API key').fill('sk-test')
  await expect(page.getByText('It works.')).toBeVisible()
  await page.getByRole('button', { name: /^Save/ }).click()

  await expect(page.getByRole('tab', { name: 'Claude Code', selected: true })).toBeVisible()
  await page.getByRole('tab', { name: 'Codex' }).click()
  await expect(page.getByText('Routex translates for Codex.')).toBeVisible()
  await page.getByRole('tab', { name: 'curl' }).click()
  expect(await page.getByRole('tabpanel').textContent()).not.toContain(routex.clientKey)
  await page.getByRole('tabpanel').getByRole('button', { name: 'Copy' }).click()
  const line = await page.evaluate(() => navigator.clipboard.readText())
  expect(line).toContain(routex.clientKey)

  await page.getByRole('button', { name: 'Next' }).click()
  await expect(page.getByText('Waiting for the first request')).toBeVisible()
  const { stdout } = await run('bash', ['-c', line])
  expect(JSON.parse(stdout)).toMatchObject({ type: 'message', content: [{ type: 'text', text: 'Hello' }] })
  const arrival = page.getByRole('region', { name: 'See a request arrive' })
  await expect(arrival).toContainText('It arrived')
  await expect(arrival).toContainText('Mine')
  await expect(arrival).toContainText('8,826 in, 128 out')
  await expect(arrival).toContainText('curl/')
  await page.getByRole('button', { name: 'See it in the log' }).click()
  await expect(page).toHaveURL(/#\/logs\?id=/)
  expect(complaints).toEqual([])
})

test('they can be skipped, do not come again by themselves, and can be done again', async ({ page, start }) => {
  const routex = await start({ firstRun: true })
  await openPage(page, routex)
  await page.getByRole('button', { name: 'Skip for now' }).click()
  await expect(page.getByRole('region', { name: 'Throughput' })).toBeVisible()
  await page.reload()
  await expect(page.getByRole('region', { name: 'Throughput' })).toBeVisible()
  await page.evaluate(() => void (location.hash = '#/first-run'))
  await expect(page.getByRole('heading', { name: 'First steps' })).toBeVisible()
})

test('what the snippets hold really runs: curl and the SDKs in every protocol, Python by its compiler', async ({
  start
}, info) => {
  test.setTimeout(120_000)
  const { gateway, clientKey } = await start({ firstRun: true })
  const dir = info.outputPath('snippets')
  mkdirSync(dir, { recursive: true })
  for (const protocol of PROTOCOLS) {
    const values = {
      endpoint: gateway,
      key: clientKey,
      protocol,
      model: 'demo',
      takesAnyModel: true,
      shell: 'bash'
    } as const
    const { stdout: answer } = await run('bash', ['-c', curlSnippet(values).text])
    expect(answer, protocol).toMatch(/demo/i)

    const program = join(dir, `${protocol}.ts`)
    writeFileSync(program, sdkSnippets('typescript', values).at(-1)?.text ?? '')
    const { stdout: printed } = await run('node_modules/.bin/node', [program])
    expect(printed, protocol).toMatch(/demo/i)

    const python = join(dir, `${protocol.replace('-', '_')}.py`)
    writeFileSync(python, sdkSnippets('python', values).at(-1)?.text ?? '')
    await run('python3', ['-m', 'py_compile', python])
  }
})
