import { expect, test } from 'vitest'
import { openInApp } from '../../test-open'
import ChannelsPage from './ChannelsPage.svelte'

test('while the gateway is away no channel is shown as healthy', async () => {
  const { backend, screen } = await openInApp(ChannelsPage, { at: ['channels'] })
  const table = screen.getByRole('table')
  const colour = (): string => {
    const greyed = table.element().closest('.grayscale')
    return greyed === null ? 'in colour' : getComputedStyle(greyed).filter
  }
  await expect.element(screen.getByText('1 of 1 channel healthy')).toBeVisible()
  expect(colour()).toBe('in colour')
  backend.setConnection({ kind: 'lost', retryAt: 0 })
  await expect.element(screen.getByText('– of 1 channel healthy')).toBeVisible()
  expect(colour()).toBe('grayscale(1)')
})
