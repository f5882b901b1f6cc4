/** Everything `/metrics` tells, in the Prometheus text format (version 0.0.4). Names get the prefix `holdfast_`, but for those every process has. */
const families = {
  http_requests_total: { type: 'counter', label: 'status', help: 'HTTP requests answered' },
  refused_total: { type: 'counter', label: 'reason', help: 'What was turned away: sockets, messages, reservations, circuits' },
  stun_requests_total: { type: 'counter', label: 'result', help: 'STUN datagrams' },
  tracker_messages_total: { type: 'counter', label: 'action', help: 'Tracker messages taken' },
  circuits_opened_total: { type: 'counter', label: null, help: 'Relayed circuits asked for and allowed' },
  relayed_bytes_total: { type: 'counter', label: null, help: 'Bytes carried by circuits, both directions together' },
  peer_records_total: { type: 'counter', label: 'result', help: 'Signed peer records asked of reserved peers' },
  anchor_answers_total: { type: 'counter', label: 'question', help: 'Questions about the ledger that the anchor answered, or why it did not' },
  anchor_asked_total: { type: 'counter', label: 'result', help: 'Questions about the ledger that the anchor asked of tabs' },
  content_requests_total: { type: 'counter', label: 'status', help: 'Requests for stored files answered' },
  content_bytes_total: { type: 'counter', label: null, help: 'Bytes of stored files given' },
  kept_fetched_total: { type: 'counter', label: 'result', help: 'Uploads fetched to be kept, or why not, and files let go' },
  kept_received_bytes_total: { type: 'counter', label: null, help: 'Bytes fetched to be kept' },
  faults_total: { type: 'counter', label: null, help: 'Rejections and exceptions that nobody caught' },
  reservations: { type: 'gauge', label: null, help: 'Tabs that hold a slot' },
  circuits: { type: 'gauge', label: null, help: 'Relayed circuits open' },
  connections: { type: 'gauge', label: null, help: 'libp2p connections open' },
  sockets: { type: 'gauge', label: null, help: 'TCP sockets open' },
  tracker_sockets: { type: 'gauge', label: null, help: 'WebSockets to the tracker' },
  tracker_swarms: { type: 'gauge', label: null, help: 'Swarms the tracker knows' },
  tracker_peers: { type: 'gauge', label: null, help: 'Places of peers in all swarms' },
  peer_records: { type: 'gauge', label: null, help: 'Signed peer records held' },
  anchor_height: { type: 'gauge', label: null, help: 'Number of the block that is the head of the anchor' },
  anchor_safe_height: { type: 'gauge', label: null, help: 'Number of the block that is its safety root' },
  anchor_statements: { type: 'gauge', label: null, help: 'Statements of members of the active set that it holds' },
  anchor_store_bytes: { type: 'gauge', label: null, help: 'Bytes of the files it keeps the ledger in' },
  kept_files: { type: 'gauge', label: null, help: 'Files kept for others' },
  kept_bytes: { type: 'gauge', label: null, help: 'Bytes of the files kept for others, those on their way too' },
  content_streams: { type: 'gauge', label: null, help: 'Answers with bytes of stored files under way' },
  uptime_seconds: { type: 'gauge', label: null, help: 'Since the start' },
  process_cpu_seconds_total: { type: 'counter', label: null, help: 'Processor time used, user and system' },
  process_resident_memory_bytes: { type: 'gauge', label: null, help: 'Resident memory' },
  process_heap_bytes: { type: 'gauge', label: null, help: 'JavaScript heap in use' },
} as const satisfies Record<string, { type: 'counter' | 'gauge', label: string | null, help: string }>

export type MetricName = keyof typeof families

/** Counts since the start, and gauges that are read when somebody asks. Labels are ours alone, so their number is bounded. */
export class Metrics {
  private readonly counts = new Map<MetricName, Map<string, number>>()
  private readonly gauges = new Map<MetricName, () => number>()

  count(name: MetricName, label = '', by = 1): void {
    const counts = this.counts.get(name) ?? new Map<string, number>()
    counts.set(label, (counts.get(label) ?? 0) + by)
    this.counts.set(name, counts)
  }

  /** What `count` was called with for `name` and `label`, together. */
  counted(name: MetricName, label = ''): number {
    return this.counts.get(name)?.get(label) ?? 0
  }

  gauge(name: MetricName, read: () => number): void {
    this.gauges.set(name, read)
  }

  /** The reading of a gauge, 0 before it is there. */
  read(name: MetricName): number {
    return this.gauges.get(name)?.() ?? 0
  }

  text(): string {
    return (Object.keys(families) as MetricName[]).map(family => {
      const { type, label, help } = families[family]
      const name = family.startsWith('process_') ? family : `holdfast_${family}`
      const counted = [...this.counts.get(family) ?? []].map(([value, n]) => `${name}${label === null ? '' : `{${label}="${value}"}`} ${n}\n`)
      const read = counted.length === 0 && label === null ? `${name} ${this.read(family)}\n` : ''
      return `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${counted.join('')}${read}`
    }).join('')
  }
}
