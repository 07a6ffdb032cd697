import type { CallParams, RoutexApi } from '../../../shared/contract'
import { TEST_STEPS, type ChannelTestResult, type TestStep } from '../../../shared/channel-test'
import { asFailure, type ApiFailure } from '../backend'

/** What is tried: a saved channel, or one that is only in a form. */
export type Tried =
  | { readonly kind: 'saved'; readonly params: Omit<CallParams<'channels.test'>, 'testId'> }
  | { readonly kind: 'unsaved'; readonly params: Omit<CallParams<'channels.tryOut'>, 'testId'> }

/**
 *   idle ──run──► running ──► done
 *                    │  └───► failed   (it could not be tried at all)
 *                    └─stop─► stopped
 */
export type TestState =
  | { readonly kind: 'idle' }
  | { readonly kind: 'running'; readonly startedAt: number; readonly steps: readonly TestStep[] }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'done'; readonly result: ChannelTestResult }
  | { readonly kind: 'failed'; readonly failure: ApiFailure }

/** A step as it is shown. `waiting` are those behind the one that runs; `skipped` what a failed step left out. */
export type ShownStep =
  | { readonly kind: 'over'; readonly step: TestStep }
  | { readonly kind: 'running' | 'waiting' | 'skipped'; readonly name: TestStep['step'] }

/** A channel's test, with its steps as they come. */
export class ChannelTest {
  state: TestState = $state.raw({ kind: 'idle' })
  readonly steps: readonly ShownStep[] = $derived(shownSteps(this.state))

  readonly #api: RoutexApi
  #running: string | null = null

  constructor(api: RoutexApi) {
    this.#api = api
  }

  /** Begins anew; what still ran is ended. Resolves when it is over. */
  async run(tried: Tried): Promise<void> {
    this.reset()
    const testId = newTestId()
    this.#running = testId
    this.state = { kind: 'running', startedAt: Date.now(), steps: [] }
    const stopListening = this.#api.on('test.step', (event) => {
      if (event.testId === testId) this.#add(testId, event.step)
    })
    try {
      const result = await this.#call(tried, testId)
      if (this.#running === testId) this.state = { kind: 'done', result }
    } catch (cause) {
      if (this.#running === testId) this.state = { kind: 'failed', failure: asFailure(cause) }
    } finally {
      stopListening()
    }
  }

  /** Ends what runs and forgets what came out. */
  reset(): void {
    this.#end()
    this.state = { kind: 'idle' }
  }

  /** Ends what runs because the user does not want to wait for it. */
  stop(): void {
    this.#end()
    this.state = { kind: 'stopped' }
  }

  #end(): void {
    const running = this.#running
    this.#running = null
    if (running === null || this.state.kind !== 'running') return
    // One that can't be ended ends by its own limit, and nobody hears of it.
    this.#api.call('channels.stopTest', { testId: running }).catch(reportError)
  }

  #call(tried: Tried, testId: string): Promise<ChannelTestResult> {
    if (tried.kind === 'saved') return this.#api.call('channels.test', { ...tried.params, testId })
    return this.#api.call('channels.tryOut', { ...tried.params, testId })
  }

  #add(testId: string, step: TestStep): void {
    if (this.#running !== testId || this.state.kind !== 'running') return
    this.state = { ...this.state, steps: [...this.state.steps, step] }
  }
}

function shownSteps(state: TestState): readonly ShownStep[] {
  if (state.kind !== 'running' && state.kind !== 'done') return []
  const over = state.kind === 'running' ? state.steps : state.result.steps
  const names = TEST_STEPS.filter((name) => !over.some(({ step }) => step === name))
  const broke = over.some(({ ok }) => !ok)
  return [
    ...over.map((step) => ({ kind: 'over', step }) as const),
    ...names.map((name, index) => {
      if (state.kind === 'done' || broke) return { kind: 'skipped', name } as const
      return { kind: index === 0 ? 'running' : 'waiting', name } as const
    })
  ]
}

/** `crypto.randomUUID` is missing where the page comes over plain HTTP from another machine. */
function newTestId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}
