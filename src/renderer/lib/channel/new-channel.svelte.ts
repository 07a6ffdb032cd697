import type { ChannelView } from '../../../shared/channel'
import type { RoutexApi } from '../../../shared/contract'
import { asFailure } from '../backend'
import { emptyDraft, inputOf, type ChannelDraft } from './channel-draft'
import { ChannelTest } from './channel-test.svelte'
import { checkDraft } from './check-draft'
import { bothErrors, errorsOf, noErrors, type FieldErrors } from './field-errors'
import { ModelDiscovery } from './model-discovery.svelte'

/** How long nothing is typed before the test begins by itself: a key is pasted, and half a key is not worth a request. */
const quietMs = 700

export interface NewChannelOptions {
  /** It can't work without a credential. */
  readonly needsKey: boolean
}

/** A channel that is being added: its form, a test that runs by itself, and saving. */
export class NewChannel {
  readonly draft: ChannelDraft = $state(emptyDraft())
  saving = $state(false)
  /** To test it with; the API finds one where there is none. */
  testModel: string | undefined
  readonly test: ChannelTest
  readonly discovery: ModelDiscovery
  /** What is missing to try or save it; empty when nothing is. */
  readonly missing: FieldErrors = $derived.by(() => checkDraft(this.draft, this.#options))
  readonly complete: boolean = $derived(this.missing.size === 0)
  /** What is shown at the fields: nothing before the first attempt to save. */
  readonly errors: FieldErrors = $derived.by(() => bothErrors(this.#refused, this.#attempted ? this.missing : noErrors))

  /** It works as it stands in the form. */
  readonly passed: boolean = $derived.by(() => this.test.state.kind === 'done' && this.test.state.result.ok)

  readonly #api: RoutexApi
  readonly #options: NewChannelOptions
  #attempted = $state(false)
  #refused: FieldErrors = $state.raw(noErrors)
  #run: Promise<void> = Promise.resolve()
  #timer: ReturnType<typeof setTimeout> | undefined
  #tested = ''
  #start = $state.raw('')

  constructor(api: RoutexApi, start: Partial<ChannelDraft>, options: NewChannelOptions) {
    this.#api = api
    this.#options = options
    this.test = new ChannelTest(api)
    this.discovery = new ModelDiscovery(api)
    Object.assign(this.draft, emptyDraft(start))
    this.#start = this.#typed()
  }

  /** Something is typed that it did not begin with. Not derived: a form that goes asks for it, and would be told what was. */
  get touched(): boolean {
    return this.#typed() !== this.#start
  }

  /** Follows the form while it is shown: tests it when it is complete and nothing was typed for a moment. Returns what ends it. */
  follow(): () => void {
    const end = $effect.root(() => {
      $effect(() => {
        const wanted = this.complete ? this.#fingerprint() : ''
        clearTimeout(this.#timer)
        if (wanted === this.#tested) return
        this.test.reset()
        this.#tested = ''
        if (wanted !== '') this.#timer = setTimeout(() => this.tryOut(), quietMs)
      })
    })
    return () => {
      end()
      clearTimeout(this.#timer)
      this.test.reset()
      this.#tested = ''
    }
  }

  /** Tests it now. */
  tryOut(): void {
    clearTimeout(this.#timer)
    this.#tested = this.#fingerprint()
    const model = this.testModel
    this.#run = this.test.run({
      kind: 'unsaved',
      params: { channel: this.#testable(), ...(model !== undefined && { model }) }
    })
  }

  /** Asks the upstream for its models. */
  discover(): void {
    void this.discovery.load({ channel: this.#testable() })
  }

  /** Saves it if its test passes: one that runs is waited for, else it is tested now. Resolves as `save` does. */
  async saveTested(): Promise<ChannelView | null> {
    if (this.complete && !this.passed) {
      if (this.test.state.kind !== 'running') this.tryOut()
      await this.#run
    }
    return !this.complete || this.passed ? await this.save() : null
  }

  /** The channel as it was saved; null when it was refused, and `errors` say why. */
  async save(): Promise<ChannelView | null> {
    this.#attempted = true
    if (!this.complete || this.saving) return null
    this.saving = true
    try {
      const saved = await this.#api.call('channels.create', inputOf($state.snapshot(this.draft)))
      this.#refused = noErrors
      return saved
    } catch (cause) {
      this.#refused = errorsOf(asFailure(cause))
      return null
    } finally {
      this.saving = false
    }
  }

  #typed(): string {
    const draft = $state.snapshot(this.draft)
    return JSON.stringify([inputOf(draft), draft.unfit])
  }

  /** What the outcome of a test hangs on. */
  #fingerprint(): string {
    const { protocol, baseUrl, apiKey, headers, models, modelMap } = inputOf($state.snapshot(this.draft))
    return JSON.stringify([protocol, baseUrl, apiKey, headers, models, modelMap])
  }

  /** A name is not needed to try it. */
  #testable() {
    const input = inputOf($state.snapshot(this.draft))
    return { ...input, name: input.name === '' ? 'untitled' : input.name }
  }
}
