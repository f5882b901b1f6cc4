import type { WireSocket } from './wire-socket.ts'

/** Two peers who offer each other a connection in the same moment do so within this time. */
const glareMs = 10_000

/**
 * The open connections of one torrent, one for each peer, however they were met. A direct one stands above one over a relay. Else,
 * where both sides connected at once, the one made by the peer with the lower id stays, so that both keep the same; later a new
 * connection replaces the old, which then is dead on the other side.
 */
export class Sockets {
  private open = new Map<string, { readonly socket: WireSocket, readonly ours: boolean, readonly since: number }>()

  constructor(readonly peerId: string) {}

  get size(): number { return this.open.size }

  has(peerId: string): boolean { return this.open.has(peerId) }

  /** Whether this peer is connected, and only over a relay. */
  relayed(peerId: string): boolean { return this.open.get(peerId)?.socket.relayed === true }

  all(): readonly WireSocket[] { return [...this.open.values()].map(({ socket }) => socket) }

  /** Whether `socket` stays; the one it replaces is closed. One that has ended already would tell nobody so, and keep its peer away. */
  add(socket: WireSocket, ours: boolean, now: number): boolean {
    if (socket.destroyed) return false
    const old = this.open.get(socket.id)
    const oursStays = this.peerId < socket.id
    if (old?.socket.relayed === false && socket.relayed) return false
    const better = old?.socket.relayed === true && !socket.relayed
    if (old !== undefined && !better && now - old.since < glareMs && (ours === old.ours || ours !== oursStays)) return false
    old?.socket.destroy()
    this.open.set(socket.id, { socket, ours, since: now })
    socket.on('close', () => { if (this.open.get(socket.id)?.socket === socket) this.open.delete(socket.id) })
    return true
  }

  close(): void {
    for (const { socket } of this.open.values()) socket.destroy()
  }
}
