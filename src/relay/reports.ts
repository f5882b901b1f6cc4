import type { Clock } from '../base/index.ts'
import type { NetworkFile } from '../net/index.ts'
import type { AnchorHealth } from './anchor/anchor.ts'
import type { KeepReport } from './keep/keep.ts'
import type { Reports } from './http.ts'
import type { Metrics, MetricName } from './metrics.ts'

const json = 'application/json; charset=utf-8'

/** The gauges that `/health` shows, under the names it has for them. */
const shown: Readonly<Record<string, MetricName>> = {
  reservations: 'reservations',
  circuits: 'circuits',
  connections: 'connections',
  sockets: 'sockets',
  trackerSwarms: 'tracker_swarms',
  trackerPeers: 'tracker_peers',
  peerRecords: 'peer_records',
}

export type AnchorReport = { readonly running: true } & AnchorHealth | { readonly running: false, readonly problem: string } | null

/** What the relay says of itself, of its anchor where it has one, and of what it keeps (`running` false: it could not begin). Anybody's page may read the network file and the health, so that static hosts can use the relay. */
export function reportsOf(network: NetworkFile, metrics: Metrics, anchor: () => AnchorReport, kept: () => KeepReport = () => null): Reports {
  const file = `${JSON.stringify(network, null, 2)}\n`
  const health = () => ({
    ok: true,
    version: network.version,
    name: network.name,
    uptime: Math.floor(metrics.read('uptime_seconds')),
    ...Object.fromEntries(Object.entries(shown).map(([name, gauge]) => [name, metrics.read(gauge)])),
    anchor: anchor(),
    kept: kept(),
  })
  return {
    '/network.json': { type: json, open: true, text: () => file },
    '/health': { type: json, open: true, text: () => `${JSON.stringify(health())}\n` },
    '/metrics': { type: 'text/plain; version=0.0.4; charset=utf-8', open: false, text: () => metrics.text() },
  }
}

/** Gauges of the process itself, read when asked for. */
export function watchProcess(metrics: Metrics, clock: Clock): void {
  const started = clock.now()
  metrics.gauge('uptime_seconds', () => (clock.now() - started) / 1000)
  metrics.gauge('process_cpu_seconds_total', () => {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1e6
  })
  metrics.gauge('process_resident_memory_bytes', () => process.memoryUsage.rss())
  metrics.gauge('process_heap_bytes', () => process.memoryUsage().heapUsed)
}
