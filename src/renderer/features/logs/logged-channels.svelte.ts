import type { RoutexApi } from '../../../shared/contract'
import type { RequestRow } from '../../../shared/request-log'
import { readFilterText, type FilterNames } from './filter-text'

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

  /** Asks the log for each channel that the filter names and nobody knows: one of its rows may show that name. */
  async look(text: string, names: FilterNames): Promise<void> {
    for (const { field, value, problem } of readFilterText(text, names, Date.now()).tokens) {
      if (field !== 'channel' || problem !== 'unknown_value') continue
      try {
        this.note((await this.#api.call('logs.query', { limit: 1, filter: { channelName: value } })).rows)
      } catch {
        return // the name stays unknown, and the page says so
      }
    }
  }
}
