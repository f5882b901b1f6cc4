import type { Clock, ErrorData } from '../base/index.ts'

/** What happened, for the person who runs the relay: no addresses of visitors, nothing that a remote sent. */
export interface Log {
  info(event: string, data?: ErrorData): void
  warn(event: string, data?: ErrorData): void
  error(event: string, data?: ErrorData): void
}

/** One JSON object a line. */
export function jsonLog(write: (line: string) => void, clock: Clock): Log {
  const at = (level: string) => (event: string, data: ErrorData = {}) => {
    write(`${JSON.stringify({ time: new Date(clock.now()).toISOString(), level, event, ...data })}\n`)
  }
  return { info: at('info'), warn: at('warn'), error: at('error') }
}
