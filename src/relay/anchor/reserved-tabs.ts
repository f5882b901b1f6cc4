import type { Clock, Judged } from '../../base/index.ts'
import { BlockedPeers, askState } from '../../net/index.ts'
import { askOver, type Neighbour, type StateNetwork } from '../../sync/index.ts'
import type { Metrics } from '../metrics.ts'
import type { RelayNode } from '../peers.ts'

export interface ReservedTabsParts {
  readonly node: RelayNode
  /** The network's name. */
  readonly name: string
  readonly clock: Clock
  readonly metrics: Metrics
}

/** Whom an anchor asks: the tabs that hold a slot on its relay. It dials nobody, so other relays and their tabs reach it by way of tabs that know both. */
export class ReservedTabs implements StateNetwork {
  readonly ask: StateNetwork['ask']
  private readonly blocked: BlockedPeers

  constructor(private readonly parts: ReservedTabsParts) {
    this.blocked = new BlockedPeers(parts.clock)
    this.ask = askOver(async (id, question, signal) => this.counted(await askState(parts.node, id, parts.name, question, signal)))
  }

  neighbours(): readonly Neighbour[] {
    const { node } = this.parts
    return node.reserved().flatMap(({ peerId, record }) => this.blocked.has(peerId) ? [] : [{ id: peerId, address: record.account?.address ?? null, relays: [node.peerId] }])
  }

  /** It keeps its slot: what it says of the ledger is no affair of the circuits. */
  distrust(id: string): void {
    this.blocked.add(id, 1)
    this.parts.metrics.count('refused_total', 'ledger-false')
  }

  private counted<T>(answer: Judged<T>): Judged<T> {
    this.parts.metrics.count('anchor_asked_total', answer.ok ? 'answered' : answer.code)
    return answer
  }
}
