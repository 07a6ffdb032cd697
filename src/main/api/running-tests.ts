import { UpstreamError, type UpstreamTransport } from '../proxy/ports'

/** Tests of channels that are under way, by the id that whoever began one gave it. */
export class RunningTests {
  readonly #stops = new Map<string, AbortController>()

  /** Runs `work` over a transport whose requests end, and fail, when the test is stopped. */
  async run<T>(
    testId: string | undefined,
    transport: UpstreamTransport,
    work: (transport: UpstreamTransport) => Promise<T>
  ): Promise<T> {
    if (testId === undefined) return await work(transport)
    const stop = new AbortController()
    this.#stops.set(testId, stop)
    try {
      return await work(stoppable(transport, stop.signal))
    } finally {
      if (this.#stops.get(testId) === stop) this.#stops.delete(testId)
    }
  }

  /** Nothing happens where none of this id runs: it was over first. */
  stop(testId: string): void {
    this.#stops.get(testId)?.abort()
  }
}

const stoppable = (transport: UpstreamTransport, signal: AbortSignal): UpstreamTransport => ({
  send(request, sink) {
    const exchange = transport.send(request, sink)
    const stop = (): void => {
      exchange.abort()
      sink.fail(new UpstreamError('stopped', 'the test was stopped'))
    }
    // What goes wrong is told later.
    if (signal.aborted) queueMicrotask(stop)
    else signal.addEventListener('abort', stop, { once: true })
    return exchange
  },
  dropIdle: () => transport.dropIdle(),
  close: () => transport.close()
})
