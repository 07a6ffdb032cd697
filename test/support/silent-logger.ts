import type { LogContext, Logger } from '../../src/shared/ports'

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly message: string
  readonly context: LogContext | undefined
}

/** A logger that only remembers. */
export function silentLogger(): Logger & { readonly lines: readonly LogLine[] } {
  const lines: LogLine[] = []
  const write = (level: LogLine['level']) => (message: string, context?: LogContext) => {
    lines.push({ level, message, context })
  }
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
