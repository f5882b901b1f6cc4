import type { Connection, Libp2p } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { limits, type Clock, type Random } from '../base/index.ts'
import { pingConnection } from './ping.ts'

const pingMs = 4000
/** For a connection that has answered before. */
const againMs = 1500
/** How long a relayed connection is kept after a direct one took over, for the questions still on their way. */
const overlapMs = 3000

export interface Link { readonly peerId: string, readonly direct: boolean, readonly since: number, readonly rtt: number | null }

/**
 * Which peers we are connected to, and how. A relayed connection is an errand, for a question or a few, until one side means it to stay; those that we
 * made are closed when nothing was asked over them for `errandMs`.
 * A direct connection counts once a ping came back over it: the side that was dialled
 * may be left with one that is half open. Then the others to the same peer are closed: the relayed ones, which frees the relay,
 * and older direct ones, for a peer that connects again has lost them, however open they look here.
 */
export class PeerLinks {
  private readonly proofs = new WeakMap<Connection, Promise<boolean>>()
  private readonly proven = new WeakSet<Connection>()
  private readonly meant = new Set<string>()
  /** When a question came from there or went there last. */
  private readonly usedAt = new Map<string, number>()

  constructor(
    private readonly node: Libp2p,
    private readonly clock: Clock,
    private readonly random: Random,
    private readonly isRelay: (peerId: string) => boolean,
    private readonly on: { change(): void, direct(peerId: string): void },
  ) {}

  /** Looks at a connection that was opened. */
  opened(connection: Connection): void {
    if (this.isRelay(connection.remotePeer.toString())) return
    if (connection.limits === undefined) void this.prove(connection)
    else this.on.change()
  }

  /** Resolves with whether `connection` answers; one that does not is closed. */
  async prove(connection: Connection): Promise<boolean> {
    const proof = this.proofs.get(connection) ?? this.pingTwice(connection)
    this.proofs.set(connection, proof)
    return await proof
  }

  /** Whether questions may go over it. */
  usable(connection: Connection): boolean {
    return connection.status === 'open' && (connection.limits !== undefined || this.proven.has(connection) || this.isRelay(connection.remotePeer.toString()))
  }

  /** Connections to this peer are for more than a question. */
  mean(peerId: string): void {
    if (this.meant.has(peerId)) return
    this.meant.add(peerId)
    this.on.change()
  }

  /** A question goes there or came from there. */
  use(peerId: string): void {
    if (!this.isRelay(peerId)) this.usedAt.set(peerId, this.clock.now())
  }

  /** The last connection to it closed. */
  forget(peerId: string): void {
    this.meant.delete(peerId)
    this.usedAt.delete(peerId)
  }

  /** Closes what was opened here for questions that are over; to be called often. */
  closeIdle(): void {
    const idle = this.clock.now() - limits.errandMs
    for (const [peerId, at] of this.usedAt) if (at < idle) this.usedAt.delete(peerId)
    for (const connection of this.node.getConnections()) {
      const peerId = connection.remotePeer.toString()
      if (connection.limits === undefined || connection.direction !== 'outbound' || connection.status !== 'open' || this.meant.has(peerId)) continue
      if (connection.timeline.open < idle && !this.usedAt.has(peerId)) closeGently(connection)
    }
  }

  isDirect(peerId: string): boolean {
    return this.all().some(link => link.peerId === peerId && link.direct)
  }

  /** The same, made sure of: a direct connection that answers no ping is closed. */
  async stillDirect(peerId: string): Promise<boolean> {
    const direct = this.node.getConnections(peerIdFromString(peerId)).filter(connection => connection.limits === undefined && this.usable(connection))
    const alive = await Promise.all(direct.map(async connection => {
      const answers = await pingConnection(connection, this.random, againMs)
      if (!answers) connection.abort(new Error('no ping came back'))
      return answers
    }))
    return alive.includes(true)
  }

  /** One link a peer, the direct one where there is one; relays are none, and errands are none unless they are asked for. */
  all({ errands = false } = {}): readonly Link[] {
    const links = new Map<string, Link>()
    for (const connection of this.node.getConnections()) {
      const peerId = connection.remotePeer.toString()
      const direct = connection.limits === undefined
      if (this.isRelay(peerId) || !this.usable(connection) || links.get(peerId)?.direct === true) continue
      if (!direct && !errands && !this.meant.has(peerId)) continue
      links.set(peerId, { peerId, direct, since: connection.timeline.open, rtt: connection.rtt ?? null })
    }
    return [...links.values()]
  }

  private async pingTwice(connection: Connection): Promise<boolean> {
    if (!(await pingConnection(connection, this.random, pingMs) || await pingConnection(connection, this.random, pingMs))) {
      connection.abort(new Error('no ping came back'))
      return false
    }
    this.proven.add(connection)
    for (const older of this.node.getConnections(connection.remotePeer)) {
      if (older.limits === undefined && older.timeline.open < connection.timeline.open) older.abort(new Error('replaced'))
    }
    this.on.direct(connection.remotePeer.toString())
    this.on.change()
    setTimeout(() => { this.closeRelayed(connection) }, overlapMs)
    return true
  }

  private closeRelayed(direct: Connection): void {
    if (direct.status !== 'open') return
    for (const connection of this.node.getConnections(direct.remotePeer)) {
      if (connection.limits !== undefined) closeGently(connection)
    }
  }
}

function closeGently(connection: Connection): void {
  connection.close({ signal: AbortSignal.timeout(1000) }).catch((error: unknown) => { connection.abort(error as Error) })
}
