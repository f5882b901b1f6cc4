import { HoldfastError, limits, reject, type Address, type Cid, type Clock, type Judged } from '../base/index.ts'
import type { ReceiptQuestion } from '../net/index.ts'
import type { ContentRow } from '../store/index.ts'

/** What is signed, but for who signs. */
export interface ReceiptWords { readonly server: Address, readonly serverNonce: bigint, readonly attachment: Cid, readonly percent: number, readonly charge: bigint, readonly time: number }

/** Of which block of the person of this device receipts are wanted: its number, and the time now in seconds. */
export interface ReceiptWish { readonly server: Address, readonly serverNonce: bigint, readonly time: number }

export interface ReceiptParts {
  readonly clock: Clock
  row(cid: Cid): ContentRow | undefined
  received(cid: Cid): number
  /** Whether this content is given to others now. */
  gives(row: ContentRow): boolean
  /** Whether the person agreed to be listed. */
  listed(): boolean
  /** The account a peer says it is of. */
  accountOf(peerId: string): Address | null
  sign(words: ReceiptWords): Promise<Judged<Uint8Array>>
  /** Root of the sections of a stored file. */
  root(row: ContentRow): Promise<Cid>
  ask(peerId: string, question: ReceiptQuestion): Promise<Uint8Array>
}

/** How long a visitor is remembered; how long after the last section it is asked, as it may be fetching still; and how long after that, where it got more. */
const rememberMs = 12 * 60 * 60 * 1000
const quietMs = 30 * 1000
const againMs = 10 * 60 * 1000
const askMostAtOnce = 32

/** `askAt`: Infinity once it signed, until it gets more. */
interface Visit { readonly peerId: string, readonly cid: Cid, readonly at: number, asked: number, askAt: number }

/**
 * Receipts, on both sides. Whom this device gave sections is remembered, and asked for a receipt when a block of its own is near; who is asked signs where the person agreed to be listed, holds the file
 * and gives it on, and got sections of it from that very peer. Nobody is told anything unasked.
 */
export class ReceiptDesk {
  private readonly visits = new Map<string, Visit>()
  /** Content that came from a peer. */
  private readonly from = new Map<string, number>()

  constructor(private readonly parts: ReceiptParts) {}

  /** A peer was given a section. */
  gave(peerId: string, cid: Cid): void {
    const key = `${peerId} ${cid}`
    const at = this.parts.clock.now()
    const asked = this.visits.get(key)?.asked ?? -Infinity
    this.visits.set(key, { peerId, cid, at, asked, askAt: Math.max(at + quietMs, asked + againMs) })
    bound(this.visits)
  }

  /** A section came from a peer. */
  got(peerId: string, cid: Cid): void {
    this.from.set(`${peerId} ${cid}`, this.parts.clock.now())
    bound(this.from)
  }

  /** The answer to a server who wants a receipt. `not-found` says nothing of why. */
  async answer({ cid, root, server, serverNonce, time }: ReceiptQuestion, peerId: string): Promise<Judged<Uint8Array>> {
    const { parts } = this
    const row = parts.row(cid)
    const no = reject('not-found', 'no receipt for this')
    if (row?.attachment?.root !== root || !this.from.has(`${peerId} ${cid}`) || !parts.listed() || !parts.gives(row) || parts.accountOf(peerId) !== server) return no
    if (Math.abs(time - parts.clock.now() / 1000) > limits.receiptClockMs / 1000) return no
    const held = row.status === 'SEEDING' ? row.size : row.status === 'DOWNLOADING' ? parts.received(cid) : 0
    const percent = Math.floor(10 * held / row.size) * 10
    return percent === 0 ? no : await parts.sign({ server, serverNonce, attachment: root, percent, charge: 0n, time })
  }

  /** Asks those who were given something; what they sign, as it came. */
  async collect({ server, serverNonce, time }: ReceiptWish): Promise<readonly Uint8Array[]> {
    const now = this.parts.clock.now()
    for (const [key, { at }] of this.visits) if (now - at > rememberMs) this.visits.delete(key)
    const due = [...this.visits.values()].filter(({ askAt }) => askAt <= now).slice(0, askMostAtOnce)
    const replies = await Promise.all(due.map(async visit => {
      Object.assign(visit, { asked: now, askAt: Infinity })
      const row = this.parts.row(visit.cid)
      if (row?.status !== 'SEEDING') return null
      try {
        return await this.parts.ask(visit.peerId, { cid: visit.cid, root: await this.parts.root(row), server, serverNonce, time })
      } catch (error) {
        // Who will not sign is not pestered; who could not be reached is asked again soon.
        visit.askAt = now + (HoldfastError.from(error).code === 'not-found' ? againMs : quietMs)
        return null
      }
    }))
    return replies.filter(reply => reply !== null)
  }
}

function bound(map: Map<string, unknown>): void {
  for (const oldest of map.keys()) {
    if (map.size <= limits.knownPeers) return
    map.delete(oldest)
  }
}
