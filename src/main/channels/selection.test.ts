import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeChannel } from '../../../test/support/make-channel'
import { busy, failure, missing, SelectionWorld } from '../../../test/support/selection-world'
import { STRATEGIES, type Strategy } from '../../shared/settings'
import type { Verdict } from '../protocols/protocol'
import type { Lease } from './lease'

const HOUR = 3_600_000
const PERMIT_MS = 11 * 60_000

/** A history of requests on three channels, of which any may overlap. */
class History {
  readonly world = new SelectionWorld(makeChannel('a'), makeChannel('b'), makeChannel('c', { priority: 90 }))
  readonly #strategy: Strategy
  #open: Lease[] = []
  /** Those of them that hold a permit, as far as the rules say, and since when. */
  readonly #probing = new Map<Lease, number>()

  constructor(strategy: Strategy) {
    this.#strategy = strategy
  }

  ask(): void {
    const selection = this.world.next({ strategy: this.#strategy })
    if (selection.kind === 'wait') expect(this.#probing.size).toBeGreaterThan(0)
    if (selection.kind !== 'lease') return
    this.#open.push(selection.lease)
    if (selection.lease.probe) this.#probing.set(selection.lease, this.world.clock.now())
  }

  /** Content comes to one of the open tries. */
  answer(which: number): void {
    const lease = this.#open[which % Math.max(1, this.#open.length)]
    if (!lease) return
    this.#probing.delete(lease)
    lease.answering()
  }

  /** One of the open tries ends. */
  end(which: number, how: (lease: Lease) => void): void {
    const [lease] = this.#open.splice(which % Math.max(1, this.#open.length), 1)
    if (!lease) return
    this.#probing.delete(lease)
    how(lease)
  }

  clear(which: number): void {
    const channel = this.world.channels[which]
    if (!channel) return
    this.world.board.clear(channel.id)
    for (const lease of this.#probing.keys()) if (lease.channel === channel) this.#probing.delete(lease)
  }

  check(): void {
    const views = this.world.board.views(this.world.channels)
    // Who is left alone beside missing models is a sole candidate, which several may try.
    const maySole = views.some(({ missingModels }) => missingModels.length > 0)
    for (const { id, inFlight } of views) {
      expect(inFlight).toBe(this.#open.filter(({ channel }) => channel.id === id).length)
      if (!maySole) expect(this.#probes(id)).toBeLessThanOrEqual(1)
    }
  }

  abandonAll(): void {
    for (const lease of this.#open) lease.abandon()
    this.#open = []
    this.#probing.clear()
  }

  #probes(id: string): number {
    const now = this.world.clock.now()
    return [...this.#probing].filter(([{ channel }, since]) => channel.id === id && now - since < PERMIT_MS).length
  }
}

type Step = (history: History) => void

const verdict = fc.constantFrom<Verdict>(
  failure,
  busy(),
  busy(null, 'overload'),
  missing,
  { kind: 'quota', message: '', untilMs: null },
  { kind: 'client_fault', message: '' }
)
const which = fc.nat(9)
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.constant<Step>((history) => history.ask()) },
  {
    weight: 4,
    arbitrary: fc.tuple(which, verdict).map(
      ([one, bad]): Step =>
        (history) =>
          history.end(one, (lease) => lease.fail(bad))
    )
  },
  {
    weight: 1,
    arbitrary: which.map(
      (one): Step =>
        (history) =>
          history.end(one, (lease) => lease.succeed())
    )
  },
  {
    weight: 1,
    arbitrary: which.map(
      (one): Step =>
        (history) =>
          history.end(one, (lease) => lease.abandon())
    )
  },
  {
    weight: 1,
    arbitrary: which.map(
      (one): Step =>
        (history) =>
          history.answer(one)
    )
  },
  {
    weight: 1,
    arbitrary: fc.nat(60_000).map(
      (ms): Step =>
        (history) =>
          history.world.clock.advance(ms)
    )
  },
  {
    weight: 1,
    arbitrary: fc.nat(2).map(
      (one): Step =>
        (history) =>
          history.clear(one)
    )
  }
)

test('B05 whatever requests do, one probe a channel is under way, no permit is lost, and all recover in the end', () => {
  fc.assert(
    fc.property(fc.constantFrom(...STRATEGIES), fc.array(step, { maxLength: 120 }), (strategy, steps) => {
      const history = new History(strategy)
      for (const happens of steps) {
        happens(history)
        history.check()
      }
      history.abandonAll()
      const { world } = history
      world.clock.advance(7 * HOUR)
      for (const { id } of world.channels) expect(world.serve({ allowedChannels: [id] })).toBe(id)
      for (const view of world.board.views(world.channels)) {
        expect(view).toMatchObject({ state: 'closed', failures: 0, inFlight: 0, missingModels: [] })
      }
      expect(world.serve()).toBe('a')
    }),
    { numRuns: 300 }
  )
})
