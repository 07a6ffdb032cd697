import { expect, openPage, sampleTraffic, test } from './support/fixtures'
import { lookAt } from './support/looks'
import { startSeeded } from './support/seeded'

test('the query cache is told by name, and cleared one query or all', async ({ page, routex, complaints }) => {
  await openPage(page, routex, 'storage')
  const row = page.getByRole('row', { name: /^enabledChannels/ })
  await expect(row).toBeVisible()
  await page.getByRole('button', { name: 'Clear enabledChannels' }).click()
  await expect(page.getByText('Cleared enabledChannels')).toBeVisible()
  const asked = page.waitForRequest((request) => request.url().endsWith('/api/cache.clear'))
  await page.getByRole('button', { name: 'Clear all' }).click()
  expect((await asked).postDataJSON()).toEqual({})
  await expect(page.getByText('Cleared the query cache')).toBeVisible()
  expect(complaints).toEqual([])
})

test('the log writer tells what it has written, while the page looks on', async ({ page, routex, upstream }) => {
  await openPage(page, routex, 'storage')
  const writer = page.getByRole('region', { name: 'Log writer' })
  const written = async (): Promise<number> =>
    Number(/Written\s*([\d,]+) rows/.exec((await writer.textContent()) ?? '')?.[1]?.replaceAll(',', ''))
  await expect(writer).toContainText(/Written\s*[\d,]+ rows/)
  const before = await written()
  await sampleTraffic(routex, upstream, 3)
  await expect.poll(written).toBe(before + 3)
  await expect(writer).toContainText('All is well')
})

test('a vacuum tells what it gave back', async ({ page, routex }) => {
  await openPage(page, routex, 'storage')
  await page.getByRole('button', { name: 'Vacuum now' }).click()
  await expect(page.getByRole('region', { name: 'Databases' })).toContainText(/[\d.]+ [KM]iB → [\d.]+ [KM]iB, in /)
})

test('a limit is moved by keyboard, says what it would delete, and is saved on demand', async ({ page }, info) => {
  // One of its own: it deletes what the others look at.
  const { routex } = await startSeeded(info.outputPath('seeded'), 'http://127.0.0.1:9')
  try {
    await openPage(page, routex, 'storage')
    const retention = page.getByRole('region', { name: 'Retention' })
    await page.getByRole('slider', { name: 'Days' }).focus()
    await page.keyboard.press('Home')
    await expect(retention).toContainText('1 day')
    await expect(retention).toContainText(/Deletes [\d,]+ requests/)
    expect((await routex.call('settings.get', {})).settings.retention.days).toBe(90)
    await retention.getByRole('button', { name: 'Cancel' }).click()
    await expect(retention).toContainText('90 days')

    await page.getByRole('slider', { name: 'Days' }).focus()
    await page.keyboard.press('Home')
    await retention.getByRole('button', { name: /^Save and delete [\d,]+$/ }).click()
    await expect(retention.getByRole('button', { name: /^Save/ })).toBeHidden()
    expect((await routex.call('settings.get', {})).settings.retention).toEqual({ days: 1, maxMiB: 2048 })
  } finally {
    await routex.stop()
  }
})

test('a limit that deletes nothing is saved without ado', async ({ page, routex }) => {
  await openPage(page, routex, 'storage')
  await page.getByRole('slider', { name: 'Size' }).focus()
  await page.keyboard.press('ArrowRight')
  const retention = page.getByRole('region', { name: 'Retention' })
  await expect(retention).toContainText('Deletes nothing that is there now.')
  await retention.getByRole('button', { name: 'Save', exact: true }).click()
  await expect(retention.getByRole('button', { name: 'Save' })).toBeHidden()
  expect((await routex.call('settings.get', {})).settings.retention.maxMiB).toBe(3072)
})

test('what can not be read says why, and is tried again', async ({ page, routex }) => {
  await page.route('**/api/stats.writer', (route) =>
    route.fulfill({ status: 500, json: { code: 'internal', message: 'The log worker has gone' } })
  )
  await openPage(page, routex, 'storage')
  await expect(page.getByRole('alert')).toContainText('The log worker has gone')
  await expect(page.getByRole('row', { name: /^enabledChannels/ })).toBeVisible()
  await page.unroute('**/api/stats.writer')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expect(page.getByRole('region', { name: 'Log writer' })).toContainText('All is well')
})

test('nothing is asked of the program while nobody sees the page', async ({ page, routex }) => {
  let asked = 0
  page.on('request', (request) => {
    if (request.url().endsWith('/api/stats.process')) asked++
  })
  await openPage(page, routex, 'storage')
  await expect.poll(() => asked).toBeGreaterThan(1)
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => true })
  })
  await page.waitForTimeout(500)
  const before = asked
  await page.waitForTimeout(4_500)
  expect(asked).toBe(before)
})

test('axe finds nothing, also while a limit is moved', async ({ page, seeded: routex, complaints }) => {
  await openPage(page, routex, 'storage')
  await expect(page.locator('.uplot')).toHaveCount(2)
  await lookAt(page, routex, 'storage')
  await page.getByRole('slider').first().focus()
  for (let step = 0; step < 5; step++) await page.keyboard.press('ArrowLeft')
  await expect(page.getByRole('region', { name: 'Retention' })).toContainText(/Deletes/)
  await lookAt(page, routex, 'storage-retention')
  expect(complaints).toEqual([])
})
