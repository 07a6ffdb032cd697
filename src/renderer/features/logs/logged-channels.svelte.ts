import type { RoutexApi } from '../../../shared/contract'
import type { RequestRow } from '../../../shared/request-log'
import { isChannelNow, readFilterText, type FilterNames } from './filter-text'

/** Names of channels as rows show them: some of the channels are gone by now, or called otherwise. */
export class LoggedChannels {
  names: readonly string[] = $state.raw([])

  readonly #api: RoutexApi

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Takes the names of rows that are shown. */
  note(rows: readonly RequestRow[]): void {
    const more = new Set(rows.map(({ channelName }) => channelName).filter((name) => name !== null))
    const fresh = [...more].filter((name) => !this.names.includes(name))
    if (fresh.length > 0) this.names = [...this.names, ...fresh]
  }

  /**
   * Asks the log for each name in the filter that no channel has in full now: one of its rows may show it, and what is a part of
   * another channel's name alone would find that one's rows.
   */
  async look(text: string, names: FilterNames): Promise<void> {
    for (const { field, value } of readFilterText(text, names, Date.now()).tokens) {
      if (field !== 'channel' || value === '' || isChannelNow(value, names)) continue
      try {
        this.note((await this.#api.call('logs.query', { limit: 1, filter: { channelName: value } })).rows)
      } catch {
        return // the name stays unknown, and the page says so
      }
    }
  }
}
