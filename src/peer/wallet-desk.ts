import { HoldfastError, addressOfKey, isAddress, limits, toHex, type Address, type Cid, type Clock, type Secp256k1 } from '../base/index.ts'
import { parseInvite, type InviteKey } from '../content/index.ts'
import type { KeyService } from '../keys/index.ts'
import type { Parameters, Receiver } from '../ledger/index.ts'
import { parseAddress } from '../records/index.ts'
import { keys } from '../state/index.ts'
import type { Sync } from '../sync/index.ts'
import type { RowValue } from './book-values.ts'
import type { Diary } from './diary.ts'
import { ownRow } from './diary-entries.ts'
import { byPlace } from './diary-pages.ts'
import type { InviteBook } from './invite-book.ts'
import type { Outbox } from './outbox.ts'
import type { Sending } from './outbox-shelf.ts'
import { provePaid, proveRow, type ProofParts } from './row-proof.ts'
import { stageAt } from './stages.ts'
import type { FoundInvite, RowProof, WalletRow, WalletState } from './wallet-api.ts'

export interface WalletDeskParts {
  readonly network: string
  readonly parameters: Parameters
  readonly sync: Pick<Sync, 'status'>
  readonly keys: Pick<KeyService, 'seal'>
  readonly signatures: Secp256k1
  readonly clock: Clock
  readonly diary: Diary
  readonly outbox: Outbox
  readonly invites: InviteBook
  readonly proofs: ProofParts
  /** Makes an identity where there is none. `locked` where nothing can be signed. */
  owner(): Promise<Address>
  changed(): void
}

const mostCoins = 2 ** 40 - 1
const brings: ReadonlySet<WalletRow['kind']> = new Set(['received', 'mined', 'earned', 'refunded'])

/** The Wallet, in the worker that holds the ledger. */
export class WalletDesk {
  constructor(private readonly parts: WalletDeskParts) {}

  /** Null before it is known whose. */
  state(): WalletState | null {
    const { diary, outbox, invites, sync, parameters } = this.parts
    const { owner } = diary
    if (owner === null) return null
    const sending = outbox.list().map(each => ofSending(each)).toReversed()
    const rows = [...diary.pages.rows.values()].sort((a, b) => byPlace(b, a))
    const fresh = rows.filter(({ kind, number }) => brings.has(kind) && number > sync.status.safe.header.number)
    return {
      rows: [...sending, ...rows.map(row => this.#ofRow(row))].slice(0, limits.walletRows),
      leaving: outbox.leaving(owner), unsafe: fresh.reduce((sum, { amount }) => sum + amount, 0), minimumFee: parameters.minimumFee, invites: invites.list(wish => outbox.hasWish(wish)),
    }
  }

  async send(wish: string, to: string, amount: number): Promise<Cid> {
    const receiver = receiverOf(to)
    checkAmount(amount)
    const owner = await this.parts.owner()
    await this.#checkRoom(owner, amount + this.parts.parameters.minimumFee)
    return (await this.parts.outbox.add(wish, { op: 1, body: { to: receiver, amount } }, owner, 'signed')).id
  }

  async cancel(id: Cid): Promise<void> { await this.parts.outbox.cancel(id) }

  async prove(id: Cid): Promise<RowProof> {
    const { diary, outbox, proofs } = this.parts
    const row = diary.pages.rows.get(id) ?? diary.pages.rows.get(outbox.idOf(id) ?? id)
    if (row === undefined || diary.owner === null) throw new HoldfastError('not-found', 'no block has it yet')
    if (row.record !== undefined) return await provePaid(proofs, row.id, row, row.record)
    const key = row.kind === 'mined' ? keys.coinbase(diary.owner, row.nonce) : keys.output(row.sender ?? (row.kind === 'received' && row.other !== null ? row.other : diary.owner), row.nonce)
    return await proveRow(proofs, row.id, row, key)
  }

  async invite(wish: string, amount: number): Promise<string> {
    checkAmount(amount)
    const { invites, outbox, clock, parameters: { minimumFee } } = this.parts
    const owner = await this.parts.owner()
    await invites.reveal()
    const known = invites.ofWish(wish)
    if (known === null) {
      invites.checkRoom()
      await this.#checkRoom(owner, amount + 2 * minimumFee)
    }
    const { address } = known ?? await invites.make(wish, amount, owner, Math.floor(clock.now() / 1000))
    try {
      await outbox.add(wish, { op: 1, body: { to: address, amount: amount + minimumFee } }, owner, 'signed') // with the fee of whoever takes them
    } catch (error) {
      if (!outbox.hasWish(wish)) await invites.drop(address) // else its coins may yet come to it
      throw error
    }
    this.parts.changed()
    return invites.linkOf(address)!
  }

  async readInvite(link: string): Promise<FoundInvite | null> {
    const invite = this.#parse(link)
    return invite === null ? null : await this.#found(invite)
  }

  async claim(link: string): Promise<Cid> {
    const invite = this.#parse(link)
    if (invite === null) throw new HoldfastError('link-invalid', 'not an invite')
    const { outbox, keys: keyService } = this.parts
    const [owner, address] = [await this.parts.owner(), this.#addressOf(invite)]
    const wish = `claim ${address} ${owner}`
    const { amount, stage } = await this.#found(invite)
    if (!outbox.hasWish(wish) && stage !== 'ready') throw new HoldfastError('not-found', stage === 'taken' ? 'somebody else took the coins first' : 'the coins are in no block yet', { stage })
    return (await outbox.add(wish, { op: 1, body: { to: owner, amount } }, address, 'signed', await keyService.seal(invite.secret))).id
  }

  #parse(link: string): InviteKey | null {
    const judged = parseInvite(link)
    if (!judged.ok) return null
    if (judged.value.network !== this.parts.network) throw new HoldfastError('unsupported', 'an invite of another network')
    return judged.value
  }

  async #found(invite: InviteKey): Promise<FoundInvite> {
    const account = await this.parts.outbox.account(this.#addressOf(invite))
    if (account === null) throw new HoldfastError('peer-unreachable', 'nobody tells what it holds')
    const amount = Math.max(0, account.balance - this.parts.parameters.minimumFee)
    return { amount, from: invite.from, stage: amount > 0 ? 'ready' : account.nonce > 0n ? 'taken' : 'coming' }
  }

  #addressOf({ secret }: InviteKey): Address {
    try { return addressOfKey(this.parts.signatures.publicKey(secret)) } catch (error) {
      throw new HoldfastError('link-invalid', 'no key', {}, { cause: error }) // 32 bytes that are no secret key come by nobody's chance
    }
  }

  /** `too-large` where an account has not so much beyond what is leaving already. */
  async #checkRoom(owner: Address, coins: number): Promise<void> {
    const account = await this.parts.outbox.account(owner)
    if (account === null) throw new HoldfastError('peer-unreachable', 'nobody tells what the account has')
    const spare = account.balance - this.parts.outbox.leaving(owner)
    if (coins > spare) throw new HoldfastError('too-large', 'more than there is', { coins, spare })
  }

  #ofRow({ id, kind, amount, fee, other, time, number }: RowValue): WalletRow {
    return { id, kind, amount, fee, other, time, block: number, stage: stageAt(number, this.parts.sync.status, this.parts.parameters), problem: null }
  }
}

function ofSending({ id, what, sender, fee, time, stage, problem, claims }: Sending): WalletRow {
  const row = { id, time, block: null, stage, problem }
  return what.op === 1 && claims ? { ...row, kind: 'received', amount: what.body.amount, fee: 0, other: sender } : { ...row, ...ownRow(what), fee }
}

/** Whose text this is: an account's, or the hash of an RCD for a Factoid address. */
function receiverOf(to: string): Receiver {
  if (isAddress(to)) return to
  const read = parseAddress(to)
  if (!read.ok || read.value.kind !== 'FA') throw new HoldfastError('bad-input', read.ok ? `${read.value.kind} is no address that holds coins` : read.reason)
  return toHex(read.value.payload)
}

function checkAmount(amount: number): void {
  if (!Number.isInteger(amount) || amount < 1 || amount > mostCoins) throw new HoldfastError('bad-input', 'not an amount of coins')
}
