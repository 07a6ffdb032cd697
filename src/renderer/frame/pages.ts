import type { Component } from 'svelte'
import type { IconName } from '../components/icons'
import type { PageName } from '../lib/router.svelte'

/** The pages of the sidebar, with the key that opens each. */
export const sidebarPages = [
  { page: 'overview', icon: 'overview', key: '1' },
  { page: 'channels', icon: 'channels', key: '2' },
  { page: 'sessions', icon: 'sessions', key: '3' },
  { page: 'logs', icon: 'logs', key: '4' },
  { page: 'clients', icon: 'plug', key: '5' },
  { page: 'storage', icon: 'database', key: '6' },
  { page: 'settings', icon: 'settings', key: ',' }
] as const satisfies readonly { readonly page: PageName; readonly icon: IconName; readonly key: string }[]

const loaders: Readonly<Record<PageName, () => Promise<{ readonly default: Component }>>> = {
  overview: () => import('../features/overview/OverviewPage.svelte'),
  channels: () => import('../features/channels/ChannelsPage.svelte'),
  sessions: () => import('../features/sessions/SessionsPage.svelte'),
  logs: () => import('../features/logs/LogsPage.svelte'),
  clients: () => import('../features/clients/ClientsPage.svelte'),
  storage: () => import('../features/storage/StoragePage.svelte'),
  settings: () => import('../features/settings/SettingsPage.svelte'),
  'first-run': () => import('../features/first-run/FirstRunPage.svelte')
}

/** The page's component; its code comes with the first visit. */
export async function loadPage(page: PageName): Promise<Component> {
  return (await loaders[page]()).default
}

/** Fetches the code of the other pages once there is nothing else to do, so that they open at once. */
export function preloadPages(): () => void {
  const fetchAll = async (): Promise<void> => {
    for (const load of Object.values(loaders)) await load()
  }
  // A page that can't be had is told when it is opened.
  const handle = requestIdleCallback(() => void fetchAll().catch(() => undefined))
  return () => cancelIdleCallback(handle)
}
