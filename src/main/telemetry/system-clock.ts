import type { Clock, Stop } from '../../shared/ports'

/** The machine's own time. Its timers never keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(ms, call): Stop {
    const timer = setTimeout(call, ms).unref()
    return () => {
      clearTimeout(timer)
    }
  },
  every(ms, call): Stop {
    const timer = setInterval(call, ms).unref()
    return () => {
      clearInterval(timer)
    }
  }
}
