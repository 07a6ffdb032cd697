import type { Locator, Page } from '@playwright/test'
import type { ChannelView } from '../../../src/shared/channel'
import type { Headless } from './headless'

/** A channel's row in the table. */
export const row = (page: Page, name: string): Locator =>
  page.getByRole('row').filter({ has: page.locator(`[title="${name}"]`) })

/** Its panel beside the list. */
export const panel = (page: Page, name: string): Locator => page.getByRole('complementary', { name })

export const channelsOf = async (routex: Headless): Promise<readonly ChannelView[]> =>
  (await routex.call('channels.list', {})).channels

export async function channelNamed(routex: Headless, name: string): Promise<ChannelView> {
  const channel = (await channelsOf(routex)).find((each) => each.name === name)
  if (!channel) throw new Error(`there is no channel ${name}`)
  return channel
}
