import { encode, sha256, toHex } from '../../../src/base/index.ts'
import { judgeTransactionBytes, signTransaction, transaction, type Ledger } from '../../../src/ledger/index.ts'
import { entryHash } from '../../../src/records/index.ts'
import { keys } from '../../../src/state/index.ts'
import type { Sync } from '../../../src/sync/index.ts'
import { chainNamed, commitTo, commitToChain, entryOf, firstEntryOf, payment, signer, type Signer } from '../../support/records.ts'
import type { Peer } from './peer.ts'

/** An entry somebody wants recorded: its commit is made once, and both are offered until the entry is there. */
export interface Wish { readonly hash: string, readonly commit: Uint8Array<ArrayBuffer>, readonly reveal: Uint8Array<ArrayBuffer> }

/** Credits bought at a time; what a payment of one input and one output costs. */
const [bought, fee] = [200, 12]

/** Somebody who records: buys credits, begins a chain, and adds entries to it. What it wants outlives its lives, as an outbox does. */
export class Recorder {
  readonly wishes: Wish[] = []
  readonly chain: string
  /** Rules by which something of its was refused, and that no honest person should meet. */
  readonly refused = new Set<string>()
  readonly #name: string
  readonly #signer: Signer
  readonly #settled = new Set<Wish>()
  #buying: Uint8Array<ArrayBuffer> | null = null
  #wired = false

  constructor(readonly peer: Peer) {
    this.#name = `log of ${peer.id}`
    this.#signer = signer(this.#name)
    this.chain = chainNamed(this.#name)
  }

  /** Does what is to be done now; `more`: one more entry is wanted. */
  async step(more: boolean): Promise<void> {
    const { ledger, sync } = this.peer
    const now = this.peer.life()?.now() ?? null
    if (ledger === null || sync === null || now === null) return
    if (await this.#hasCredits(ledger, sync, now)) {
      if (more) this.#want(now)
      for (const wish of this.wishes) if (!this.#settled.has(wish)) await this.#offer(wish, ledger, sync)
    }
  }

  /** Both halves, until the entry is in a block that stays. */
  async #offer(wish: Wish, ledger: Ledger, sync: Sync): Promise<void> {
    const { hash, commit, reveal } = wish
    if (await ledger.read(keys.entry(hash)) === null) for (const bytes of [commit, reveal]) await this.#submit(sync, bytes)
    else if (await ledger.read(keys.entry(hash), ledger.safe.root) !== null) {
      this.#settled.add(wish)
      for (const bytes of [commit, reveal]) sync.withdrawRecord(toHex(sha256(bytes)))
    }
  }

  async #hasCredits(ledger: Ledger, sync: Sync, now: number): Promise<boolean> {
    const { address, publicKey } = this.#signer
    if (this.wishes.length > 0 || await ledger.read(keys.credit(publicKey)) !== null) return true
    const coins = (bought + fee) * ledger.parameters.creditRate
    if ((await ledger.read(keys.factoid(address)) ?? 0) >= coins) {
      this.#buying ??= payment({ time: now, from: [[coins, this.#signer]], buy: [[bought * ledger.parameters.creditRate, publicKey]] })
      await this.#submit(sync, this.#buying)
    } else if (!this.#wired) await this.#wire(ledger, sync, now, coins)
    return false
  }

  #want(now: number): void {
    const content = `${this.wishes.length}`
    const reveal = this.wishes.length === 0 ? firstEntryOf(this.#name) : entryOf(this.chain, { content })
    const commit = this.wishes.length === 0 ? commitToChain(reveal, this.#signer, { time: now }) : commitTo(reveal, this.#signer, { time: now })
    this.wishes.push({ hash: entryHash(reveal), commit, reveal })
  }

  async #submit(sync: Sync, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const answer = await sync.submitRecord(bytes)
    if (!answer.ok && answer.rule !== 'record-paid') this.refused.add(answer.rule)
  }

  /** Coins of the account go to the Factoid address. */
  async #wire(ledger: Ledger, sync: Sync, now: number, amount: number): Promise<void> {
    const { plan: { key }, parts: { parameters, signatures } } = this.peer
    if (key === null) return
    let { nonce } = await ledger.account(key.address)
    for (const bytes of sync.waiting(key.address)) {
      const read = judgeTransactionBytes(bytes)
      if (read.ok && read.value.nonce > nonce) nonce = read.value.nonce
    }
    const unsigned = {
      version: 1, network: ledger.network, op: 1, sender: key.address, nonce: nonce + 1n, time: Math.floor(now / 1000), fee: parameters.minimumFee, witness: null, profile: null, stamp: null, body: { to: this.#signer.address, amount },
    } as const
    this.#wired = (await sync.submit(encode(transaction, signTransaction(unsigned, key.secret, signatures)))).ok
  }
}

