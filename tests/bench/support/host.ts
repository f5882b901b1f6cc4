import { availableParallelism, loadavg } from 'node:os'
import { launch } from '../../support/launch.ts'

/** The machine in words that say nothing of whose it is. */
export interface Host {
  readonly machine: string
  /** Load average of the last minute; 0 where the system keeps none. */
  load(): number
}

export async function host(): Promise<Host> {
  const browser = await launch()
  const version = browser.version()
  await browser.close()
  const cores = availableParallelism()
  return {
    machine: `${String(cores)} ${cores === 1 ? 'core' : 'cores'}, Chromium ${version}`,
    load: () => Math.round((loadavg()[0] ?? 0) * 100) / 100,
  }
}
