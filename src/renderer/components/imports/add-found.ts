import type { AppState } from '../../lib/app.svelte'
import { count } from '../../lib/format'
import { i18n } from '../../lib/i18n.svelte'
import { m } from '../../lib/messages'
import type { FoundAccounts } from './found-accounts.svelte'

/** Adds what is ticked, and says what came of it. Whether anything did: else the dialog says why. */
export async function addFound(app: Pick<AppState, 'toasts'>, accounts: FoundAccounts): Promise<boolean> {
  const applied = await accounts.apply()
  if (applied === null) return false
  const { added, skipped } = applied
  const names = skipped.map(({ name }) => name).join(', ')
  app.toasts.show({
    text: m.settings_imported({ count: added.length, n: count(i18n.locale, added.length) }),
    hint: skipped.length > 0 ? m.imports_left_out({ names }) : m.imports_backed_up()
  })
  return true
}
