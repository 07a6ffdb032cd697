import type { ChannelView } from '../../../shared/channel'
import type { ClientKeyView } from '../../../shared/client-key'
import type { ProtocolId } from '../../../shared/protocol'
import type { RequestRow } from '../../../shared/request-log'
import type { AppState } from '../../lib/app.svelte'
import { asFailure, type ApiFailure } from '../../lib/backend'
import { modelAt } from '../../lib/channel/preset-start'
import type { Loaded } from '../../lib/loaded'
import { CLIENTS, protocolsOf, type ClientId, type Shell } from './clients'

export const STEPS = ['channel', 'client', 'request'] as const
export type StepName = (typeof STEPS)[number]

/** Where the requests of the first run go: the user's channels, or the Demo, which answers in every protocol. */
export type Source = 'channels' | 'demo'

/** Small and long-lived names, where a channel takes any. */
const usualModels: Readonly<Record<ProtocolId, string>> = {
  anthropic: 'claude-haiku-4-5',
  'openai-chat': 'gpt-5-mini',
  'openai-responses': 'gpt-5-mini',
  gemini: 'gemini-2.5-flash'
}

type Around = Pick<AppState, 'backend' | 'channels' | 'settings'>

/** The three steps to a first request that was seen to arrive. */
export class FirstRunState {
  step: StepName = $state('channel')
  client: ClientId = $state('claude-code')
  shell: Shell = $state(navigator.platform.startsWith('Win') ? 'powershell' : 'bash')
  /** The text of the client key that the snippets are filled with. */
  key: Loaded<string> = $state.raw({ kind: 'loading' })
  /** The first request that ended since this began. */
  arrived: RequestRow | null = $state.raw(null)
  sending = $state(false)
  /** Why the request that Routex was to send could not be sent. */
  sendFailure: ApiFailure | null = $state.raw(null)
  readonly usable: readonly ChannelView[] = $derived.by(() =>
    this.#around.channels.own.filter(({ enabled }) => enabled)
  )
  readonly source: Source | null = $derived.by(() => this.#source())
  /** What the chosen client will speak. */
  readonly protocol: ProtocolId = $derived.by(() => this.#protocol())
  /** The channel that will answer it, of its own protocol where there is one; null for the Demo. */
  readonly channel: ChannelView | null = $derived(
    this.usable.find(({ protocol }) => protocol === this.protocol) ?? this.usable[0] ?? null
  )
  /** Its requests and answers are translated on their way. */
  readonly translated: boolean = $derived(this.channel !== null && this.channel.protocol !== this.protocol)
  /** A channel, or the Demo, can answer. */
  readonly answerable: boolean = $derived(this.source !== null)
  readonly model: string = $derived(this.channel ? modelFor(this.channel) : usualModels[this.protocol])
  readonly takesAnyModel: boolean = $derived(this.channel?.models.some(isGlob) ?? true)

  readonly #around: Around
  #wantsDemo = $state(false)

  constructor(around: Around) {
    this.#around = around
  }

  /** Watches for requests that end. Returns what ends it. */
  listen(): () => void {
    return this.#around.backend.on('request.finished', ({ rows }) => {
      this.arrived ??= rows[0] ?? null
    })
  }

  /** Finds a key for the snippets. */
  async load(): Promise<void> {
    try {
      const { keys } = await this.#around.backend.call('clientKeys.list', {})
      const key = bestKey(keys)
      if (!key) {
        await this.makeKey()
        return
      }
      const { secret } = await this.#around.backend.call('clientKeys.reveal', { id: key.id })
      this.key = { kind: 'ready', value: secret }
    } catch (cause) {
      this.key = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  /** A key of its own, where there is none whose text is known. */
  async makeKey(): Promise<void> {
    try {
      const { secret } = await this.#around.backend.call('clientKeys.create', { name: 'default' })
      this.key = { kind: 'ready', value: secret }
    } catch (cause) {
      this.key = { kind: 'failed', failure: asFailure(cause) }
    }
  }

  useDemo(): void {
    this.#wantsDemo = true
    this.goTo('client')
  }

  useChannels(): void {
    this.#wantsDemo = false
    this.goTo('client')
  }

  /** Back to the first step for a channel that the chosen client can be answered by. */
  addAnother(): void {
    this.step = 'channel'
  }

  waitAgain(): void {
    this.arrived = null
    this.sendFailure = null
  }

  goTo(step: StepName): void {
    if (step === 'client' && this.step === 'channel') this.client = this.#fittingClient()
    // Whoever runs the snippet at once has sent the first request before the third step is opened.
    if (step === 'client') this.arrived = null
    this.step = step
  }

  /** Has Routex send one itself, through the gateway, as the chosen client would. */
  async sendOne(): Promise<void> {
    this.sending = true
    this.sendFailure = null
    try {
      await this.#around.backend.call('gateway.sendSample', { protocol: this.protocol, model: this.model })
    } catch (cause) {
      this.sendFailure = asFailure(cause)
    } finally {
      this.sending = false
    }
  }

  /** Gone through or skipped: it does not come by itself again. Resolves with why that could not be kept, or null. */
  async finish(): Promise<ApiFailure | null> {
    return await this.#around.settings.update({ firstRunDone: true })
  }

  #source(): Source | null {
    if (this.usable.length > 0) return 'channels'
    const demoAnswers = this.#around.channels.all.some(({ managedBy }) => managedBy === 'built-in')
    return demoAnswers && this.#wantsDemo ? 'demo' : null
  }

  #protocol(): ProtocolId {
    const spoken = protocolsOf(this.client)
    const answered = spoken.find((protocol) => this.usable.some((channel) => channel.protocol === protocol))
    return answered ?? spoken[0] ?? 'anthropic'
  }

  /** The first client that a channel can answer. */
  #fittingClient(): ClientId {
    const speaks = (wanted: ProtocolId): boolean => this.usable.some(({ protocol }) => protocol === wanted)
    const fitting = CLIENTS.find(({ protocols }) => protocols.some(speaks))
    return fitting?.id ?? 'claude-code'
  }
}

/** Globs, and Claude's sizes, which stand for names that hold them. */
const isGlob = (name: string): boolean => /[*?]|^(?:haiku|sonnet|opus)$/.test(name)

/** A name that the channel takes and its upstream knows: one that it names, its vendor's, else the protocol's usual one. */
function modelFor({ models, modelMap, protocol, baseUrl }: ChannelView): string {
  const named = [...models, ...Object.keys(modelMap)].find((name) => !isGlob(name))
  return named ?? modelAt(baseUrl) ?? usualModels[protocol]
}

/** One that may use every channel, the user's before the config file's. */
function bestKey(keys: readonly ClientKeyView[]): ClientKeyView | undefined {
  const open = keys.filter(({ allowedChannels }) => allowedChannels === null)
  return open.find(({ managedBy }) => managedBy === 'user') ?? open[0] ?? keys[0]
}
