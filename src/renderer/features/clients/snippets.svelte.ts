import type { ClientSnippet, Shell } from '../../../shared/clients'
import type { RoutexApi } from '../../../shared/contract'
import type { ProtocolId } from '../../../shared/protocol'
import { asFailure } from '../../lib/backend'
import type { Loaded } from '../../lib/loaded'

/** What to copy where for programs that are connected by hand, with the key that stands in it. */
export class SnippetsState {
  loaded: Loaded<readonly ClientSnippet[]> = $state.raw({ kind: 'loading' })
  shell: Shell = $state(navigator.platform.startsWith('Win') ? 'powershell' : 'sh')
  /** null: as the first channel speaks. */
  protocol: ProtocolId | null = $state(null)

  readonly #api: RoutexApi
  #asked = 0

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Follows the gateway's address and what its channels speak. Returns what ends it. */
  listen(): () => void {
    let url: string | null | undefined
    const stops = [
      this.#api.on('gateway.changed', (status) => {
        if (status.url !== url) void this.load()
        url = status.url
      }),
      this.#api.on('channel.changed', () => void this.load())
    ]
    return () => stops.forEach((stop) => stop())
  }

  async load(): Promise<void> {
    const asked = ++this.#asked
    const { shell, protocol } = this
    try {
      const { snippets } = await this.#api.call('clients.snippets', protocol === null ? { shell } : { shell, protocol })
      if (asked === this.#asked) this.loaded = { kind: 'ready', value: snippets }
    } catch (cause) {
      if (asked === this.#asked) this.loaded = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  setShell(shell: Shell): void {
    this.shell = shell
    void this.load()
  }

  setProtocol(protocol: ProtocolId): void {
    this.protocol = protocol
    void this.load()
  }
}
