import { limits, type Clock, type Random } from '../base/index.ts'
import type { NetworkEnd } from './ledger-line.ts'
import type { EntryHash } from './record-api.ts'
import type { NodeLinks } from './swarm-links.ts'

export interface EntryDeskParts {
  readonly links: Pick<NodeLinks, 'entryPeers' | 'entryRelays' | 'entries' | 'entriesHeld'>
  readonly clock: Clock
  readonly random: Random
}

/** What was heard of an entry: when others were asked last, and who said then that they have it. */
interface Heard { readonly at: number, readonly holders: ReadonlySet<string> }

/**
 * Entries of records, asked of others. First several are asked which of them they have, which is short and tells how many hold each; then each holder for a part of what is wanted, and the next where one
 * fails. What nobody has is asked of relays at last, whose anchors may have the block: they are none who hold it, as they let go of their blocks. What comes is what its hash says.
 */
export class EntryDesk implements Pick<NetworkEnd, 'fetchEntries' | 'entryHolders'> {
  readonly #heard = new Map<EntryHash, Heard>()

  constructor(private readonly parts: EntryDeskParts) {}

  async fetchEntries(hashes: readonly EntryHash[]): Promise<readonly Uint8Array<ArrayBuffer>[]> {
    const wanted = new Set(hashes.slice(0, limits.entriesAsked))
    await this.#askWho([...wanted], true)
    const came = new Map<EntryHash, Uint8Array>()
    const tried = new Set<string>()
    for (;;) {
      const asks = this.#shares([...wanted].filter(hash => !came.has(hash)), tried)
      if (asks.size === 0) break
      await Promise.all([...asks].map(async ([peer, share]) => {
        for (const hash of share) tried.add(`${peer} ${hash}`)
        try {
          for (const [i, bytes] of (await this.parts.links.entries(peer, share)).entries()) if (bytes !== null) came.set(share[i]!, bytes)
        } catch { /* the next holder is asked */ }
      }))
    }
    for (const relay of this.parts.links.entryRelays()) {
      const missing = [...wanted].filter(hash => !came.has(hash))
      if (missing.length === 0) break
      try {
        for (const [i, bytes] of (await this.parts.links.entries(relay, missing)).entries()) if (bytes !== null) came.set(missing[i]!, bytes)
      } catch { /* it has no anchor, or one of before */ }
    }
    return hashes.flatMap(hash => came.get(hash) ?? []).map(bytes => new Uint8Array(bytes))
  }

  async entryHolders(hashes: readonly EntryHash[]): Promise<readonly (number | null)[]> {
    for (let at = 0; at < hashes.length; at += limits.entriesAsked) await this.#askWho(hashes.slice(at, at + limits.entriesAsked), false)
    return hashes.map(hash => this.#fresh(hash)?.holders.size ?? null)
  }

  /** Asks who has them, where that was not asked lately; `again`: also where nobody was found then. */
  async #askWho(hashes: readonly EntryHash[], again: boolean): Promise<void> {
    const open = hashes.filter(hash => {
      const heard = this.#fresh(hash)
      return heard === null || again && heard.holders.size === 0
    })
    const peers = this.#some()
    if (open.length === 0 || peers.length === 0) return
    const said = await Promise.all(peers.map(async peer => {
      try { return { peer, held: new Set(await this.parts.links.entriesHeld(peer, open)) } } catch { return null }
    }))
    const answered = said.filter(each => each !== null)
    if (answered.length === 0) return
    for (const hash of open) this.#note(hash, { at: this.parts.clock.now(), holders: new Set(answered.filter(({ held }) => held.has(hash)).map(({ peer }) => peer)) })
  }

  /** What each holder is asked for: one that was not asked for it yet, and the one with the shortest list. */
  #shares(hashes: readonly EntryHash[], tried: ReadonlySet<string>): ReadonlyMap<string, readonly EntryHash[]> {
    const shares = new Map<string, EntryHash[]>()
    for (const hash of hashes) {
      const holders = [...this.#heard.get(hash)?.holders ?? []].filter(peer => !tried.has(`${peer} ${hash}`))
      const [peer] = holders.sort((a, b) => (shares.get(a)?.length ?? 0) - (shares.get(b)?.length ?? 0))
      if (peer === undefined) continue
      const share = shares.get(peer)
      if (share === undefined) shares.set(peer, [hash])
      else share.push(hash)
    }
    return shares
  }

  /** Whom to ask: by lot, so that nobody's word is all that is heard; others only where few are connected, since each takes a circuit over a relay. */
  #some(): readonly string[] {
    const peers = this.parts.links.entryPeers()
    const lots = new DataView(this.parts.random.bytes(4 * peers.length).buffer)
    return peers.map(({ id, connected }, i) => ({ id, lot: lots.getUint32(4 * i) + (connected ? 0 : 2 ** 32) })).sort((a, b) => a.lot - b.lot).slice(0, limits.entryAsks).map(({ id }) => id)
  }

  #fresh(hash: EntryHash): Heard | null {
    const heard = this.#heard.get(hash)
    return heard === undefined || this.parts.clock.now() - heard.at > limits.entryHoldersMs ? null : heard
  }

  #note(hash: EntryHash, heard: Heard): void {
    this.#heard.delete(hash)
    this.#heard.set(hash, heard)
    for (const oldest of this.#heard.keys()) {
      if (this.#heard.size <= limits.entriesRemembered) break
      this.#heard.delete(oldest)
    }
  }
}
