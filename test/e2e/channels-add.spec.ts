import { channelNamed, channelsOf, panel } from './support/channels'
import { expect, openPage, test } from './support/fixtures'
import { expectAccessible } from './support/looks'

test('a channel is added: typed, tested by itself step by step, saved, and its key is nowhere on the page', async ({
  page,
  routex,
  upstream,
  complaints
}) => {
  const well = await upstream()
  await openPage(page, routex, 'channels')
  await page.getByRole('button', { name: 'Add channel' }).first().click()
  await page.getByLabel('Search vendors').fill('nothing like this')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused()
  await page.getByLabel('Name', { exact: true }).fill('Mine')
  await page.getByLabel('Base URL').fill(well.url)
  await page.getByLabel('API key').fill('sk-very-secret-wxyz')
  const steps = page.getByRole('list', { name: 'Steps of the test' })
  await expect(steps.getByText('passed')).toHaveCount(4)
  await page.getByRole('button', { name: 'Show what is typed' }).click()
  await expect(page.getByLabel('API key')).toHaveAttribute('type', 'text')
  await page.keyboard.press('Control+Enter')
  await expect(panel(page, 'Mine')).toContainText('wxyz')
  expect(await page.content()).not.toContain('sk-very-secret')
  expect(await channelsOf(routex)).toMatchObject([{ name: 'Mine', baseUrl: well.url, hasCredential: true }])
  expect(complaints).toEqual([])
})

test('a test that fails says at which step, why and what to do; it can be saved all the same', async ({
  page,
  routex,
  upstream
}) => {
  const locked = await upstream({ status: 401 })
  await openPage(page, routex, 'channels?add=')
  await page.getByRole('button', { name: /^Custom/ }).click()
  await page.getByRole('button', { name: 'Save without a test' }).click()
  await expect(page.getByText('Give it a name.')).toBeVisible()
  await expect(page.getByText('Enter the address of the API.')).toBeVisible()
  await page.getByLabel('Name', { exact: true }).fill('Locked')
  await page.getByLabel('Base URL').fill(locked.url)
  await page.getByLabel('API key').fill('sk-wrong')
  const steps = page.getByRole('list', { name: 'Steps of the test' })
  await expect(steps).toContainText('401: invalid x-api-key')
  await expect(steps).toContainText('Check the API key of this channel.')
  await expect(steps.getByText('left out')).toHaveCount(2)
  await page.getByRole('button', { name: 'Save anyway' }).click()
  await expect(panel(page, 'Locked')).toBeVisible()
})

test('a preset of a local server brings its address, and says that nothing listens there', async ({ page, routex }) => {
  await openPage(page, routex, 'channels?add=')
  await page.getByLabel('Search vendors').fill('lm studio')
  await page.keyboard.press('Enter')
  await expect(page.getByText('Runs on this machine.')).toBeVisible()
  await page.getByRole('radio', { name: 'OpenAI Chat' }).click()
  await page.getByRole('button', { name: 'More settings' }).click()
  await expect(page.getByLabel('Base URL')).toHaveValue('http://127.0.0.1:1234/v1')
  await expect(page.getByRole('list', { name: 'Steps of the test' })).toContainText('Check the base URL')
})

test('the best known vendors are shown, and all of them on demand', async ({ page, routex }) => {
  await openPage(page, routex, 'channels?add=')
  const vendors = page.getByRole('list', { name: 'Presets' }).getByRole('button')
  await expect(vendors).toHaveCount(14)
  await page.getByRole('button', { name: /^All \d+ vendors$/ }).click()
  await expect(vendors.nth(12)).toBeFocused()
  expect(await vendors.count()).toBeGreaterThan(34)
})

test('a preset asks for what its address needs, and brings its quirks and names', async ({ page, routex }) => {
  await openPage(page, routex, 'channels?add=')
  await page.getByLabel('Search vendors').fill('azure')
  await page.keyboard.press('Enter')
  await expect(page.getByLabel('Resource name')).toBeFocused()
  await page.getByRole('radio', { name: 'OpenAI Chat' }).click()
  await page.getByLabel('API key').fill('not-a-real-key')
  await page.getByRole('button', { name: 'Save without a test' }).click()
  await expect(page.getByText('Fill this in.')).toBeVisible()
  await page.getByLabel('Resource name').fill('my resource')
  await expect(page.getByText('Letters, digits, hyphens and dots only.')).toBeVisible()
  await page.getByLabel('Resource name').fill('my-resource')
  await expectAccessible(page)
  await page.getByRole('button', { name: /^Save/ }).click()
  await expect(panel(page, 'Azure OpenAI')).toBeVisible()
  expect(await channelNamed(routex, 'Azure OpenAI')).toMatchObject({
    protocol: 'openai-chat',
    baseUrl: 'https://my-resource.openai.azure.com/openai/v1',
    quirks: { authHeader: 'api-key', modelsPath: null, maxTokensField: 'max_completion_tokens' },
    modelMap: { haiku: 'gpt-5.4-mini', sonnet: 'gpt-5.5' }
  })
})
