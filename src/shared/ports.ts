/** What stops a timer, a listener or a subscription. Calling it twice does nothing. */
export type Stop = () => void

/** Time, so that tests can turn it. All values are milliseconds. */
export interface Clock {
  /** Wall clock, ms since 1970. */
  now(): number
  /** Never goes back; for durations. Fractions of a millisecond are kept. */
  monotonic(): number
  /** Calls once after `ms`. The timer never keeps the process alive. */
  after(ms: number, call: () => void): Stop
  /** Calls every `ms`. The timer never keeps the process alive. */
  every(ms: number, call: () => void): Stop
}

export type LogContext = Readonly<Record<string, unknown>>

/** The program's own log (not the request log). Context must never hold a secret. */
export interface Logger {
  debug(message: string, context?: LogContext): void
  info(message: string, context?: LogContext): void
  warn(message: string, context?: LogContext): void
  error(message: string, context?: LogContext): void
}
