import './node20.ts'
import { fileURLToPath } from 'node:url'
import { HoldfastError, RateLimiter, type Clock } from '../base/index.ts'
import { jsonLog } from './log.ts'
import { help, parseOptions, type RelayOptions } from './options.ts'
import type { Relay } from './relay.ts'

/** A stop that takes longer than this is cut short. */
const stopMs = 3000

process.stderr.on('error', () => {}) // nobody reads the log any more; that is no reason to stop
const clock: Clock = { now: () => Date.now() }
const log = jsonLog(line => { process.stderr.write(line) }, clock)
await main().catch((error: unknown) => {
  const { code, message } = HoldfastError.from(error)
  process.stderr.write(`${message}\n`)
  process.exit(code === 'bad-input' ? 2 : 1)
})

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), process.env)
  if (options === 'help') process.stdout.write(help)
  else await serve(options)
}

async function serve(options: RelayOptions): Promise<void> {
  let relay: Relay | null = null
  let asked = false
  const stop = (signal: string) => {
    if (asked || relay === null) process.exit(0)
    asked = true
    log.info('stopping', { signal })
    setTimeout(() => { process.exit(0) }, stopMs).unref()
    void relay.stop().then(() => {
      log.info('stopped')
      process.exit(0)
    })
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)

  const { startRelay } = await import('./relay.ts') // libp2p needs the polyfill, and chunks may be evaluated in another order
  relay = await startRelay({ ...options, environment: process.env, root: fileURLToPath(new URL('../app', import.meta.url)), log })

  // libp2p leaves rejections behind when peers vanish at the wrong moment. The relay keeps nothing that a callback cut
  // short could damage, so it says so and goes on; it says so seldom, since remotes decide how often this happens.
  const seldom = new RateLimiter({ burst: 10, perSecond: 0.1 }, clock, 1)
  const { metrics, url } = relay
  const fault = (kind: string) => (error: unknown) => {
    metrics.count('faults_total')
    if (seldom.take('')) log.error(kind, { stack: error instanceof Error ? error.stack ?? error.message : typeof error })
  }
  process.on('unhandledRejection', fault('unhandled-rejection'))
  process.on('uncaughtException', fault('uncaught-exception'))

  if (!isLoopback(options.host) && options.publicUrl === null) {
    log.warn('plain-http', { host: options.host, hint: 'other machines need https: on plain http browsers give a page no storage (OPFS), service worker or WebCrypto' })
  }
  process.stdout.write(`Holdfast is at ${url}\n`)
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.')
}
