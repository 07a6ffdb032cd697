import { m } from './messages'
import type { PageName } from './router.svelte'

/** What a page is called, in the sidebar, on the page and in the palette. */
export function pageName(page: PageName): string {
  switch (page) {
    case 'overview':
      return m.common_overview()
    case 'channels':
      return m.common_channels()
    case 'sessions':
      return m.common_sessions()
    case 'logs':
      return m.common_logs()
    case 'clients':
      return m.common_clients()
    case 'storage':
      return m.common_storage()
    case 'settings':
      return m.common_settings()
    case 'first-run':
      return m.common_first_run()
  }
}
