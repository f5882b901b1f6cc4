import { TabService, type Served } from './tab-rpc.ts'

/** A service that was not called for so long is let go of: as long as it is open, everything it tells its tabs is copied to us, too. */
const idleMs = 5000

/** Calls to the service that a tab serves under `name`, for whoever calls seldom and listens to nothing. */
export function tabCalls<T extends object>(name: string): <R>(use: (call: Served<T>) => Promise<R>) => Promise<R> {
  let service: TabService<T> | null = null
  let calls = 0
  let idle: ReturnType<typeof setTimeout> | undefined
  return async use => {
    clearTimeout(idle)
    service ??= new TabService<T>(name)
    calls++
    try { return await use(service.call) } finally {
      if (--calls === 0) {
        idle = setTimeout(() => {
          service?.close()
          service = null
        }, idleMs)
      }
    }
  }
}
