import { limits, toHex, type Clock, type Random } from '../../base/index.ts'

/** Nonces that peers ask with: each is one peer's, good once, and for a minute of a clock that nobody sets. */
export class Nonces {
  /** By peer and nonce, oldest first: until when. */
  readonly #open = new Map<string, number>()
  readonly #ofPeer = new Map<string, number>()

  constructor(private readonly clock: Clock, private readonly random: Random) {}

  /** Null where too many are open. */
  make(peer: string): Uint8Array<ArrayBuffer> | null {
    this.#expire()
    if ((this.#ofPeer.get(peer) ?? 0) >= limits.keyNonces || this.#open.size >= limits.keyNoncesAll) return null
    const nonce = this.random.bytes(16)
    this.#open.set(nameOf(peer, nonce), this.clock.now() + limits.keyNonceMs)
    this.#ofPeer.set(peer, (this.#ofPeer.get(peer) ?? 0) + 1)
    return nonce
  }

  /** Uses one up; false where it is not this peer's, was used, or is too old. */
  use(peer: string, nonce: Uint8Array): boolean {
    this.#expire()
    return this.#drop(nameOf(peer, nonce))
  }

  #expire(): void {
    const now = this.clock.now()
    for (const [name, until] of this.#open) {
      if (until > now) return
      this.#drop(name)
    }
  }

  #drop(name: string): boolean {
    if (!this.#open.delete(name)) return false
    const peer = name.slice(0, name.lastIndexOf(' '))
    const left = (this.#ofPeer.get(peer) ?? 1) - 1
    if (left > 0) this.#ofPeer.set(peer, left)
    else this.#ofPeer.delete(peer)
    return true
  }
}

function nameOf(peer: string, nonce: Uint8Array): string { return `${peer} ${toHex(nonce)}` }
