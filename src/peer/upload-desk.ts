import { HoldfastError, isAddress, isCid, limits, toHex, type Address, type Cid, type Clock } from '../base/index.ts'
import { publicationLimits, type Holder, type Policy, type Publication, type Rent } from '../content/index.ts'
import type { KeyService } from '../keys/index.ts'
import { paysKeepers, type Audit, type Parameters as NetworkParameters } from '../ledger/index.ts'
import { keys, type StateKey, type UploadRow } from '../state/index.ts'
import type { SealedKey } from '../store/index.ts'
import type { Sync } from '../sync/index.ts'
import type { Wish } from './book-values.ts'
import { isStampable, spends } from './outbox-rules.ts'
import type { Outbox } from './outbox.ts'
import type { Access, UploadName, UploadService } from './upload-api.ts'
import type { UploadNotes } from './upload-notes.ts'
import { isOver } from './upload-rows.ts'
import { readRow, readRows, type ReadValues } from './upload-state.ts'

/** What is known, and done, about keys of uploads elsewhere in this worker. */
export interface AccessDesk {
  /** How the person stands to the key of an upload. */
  accessOf(name: UploadName, row: UploadRow): Access | Promise<Access>
  /** The key as this device keeps it; null where it does not. */
  sealedOf(name: UploadName): Promise<SealedKey | null>
  /** Keeps the key of an own upload. */
  keep(name: UploadName, sealed: SealedKey): Promise<void>
  ask(name: UploadName): Promise<void>
  stopAsking(name: UploadName): Promise<void>
}

export interface UploadDeskParts {
  readonly network: string
  readonly parameters: NetworkParameters
  readonly sync: Pick<Sync, 'status' | 'read'>
  readonly outbox: Pick<Outbox, 'add' | 'whatOf' | 'account' | 'leaving'>
  readonly keys: Pick<KeyService, 'keyCommit' | 'sealFor' | 'reveal' | 'purchaseBox' | 'purchaseSecret' | 'openEnvelope' | 'publicKeys'>
  readonly notes: UploadNotes
  readonly access: AccessDesk
  readonly clock: Clock
  /** Makes an identity where there is none. `locked` where nothing can be signed. */
  owner(): Promise<Address>
}

type Acts = Pick<UploadService, 'publish' | 'assign' | 'buy' | 'settle' | 'openKeeping' | 'closeKeeping' | 'tellBox' | 'accept' | 'release'>

/** What the person does with uploads. Each becomes one transaction, checked beforehand as far as the head tells, so that what would be refused is refused at once. */
export class UploadDesk implements Acts {
  constructor(private readonly parts: UploadDeskParts) {}

  async publish(wish: string, { holders, ...record }: Parameters<UploadService['publish']>[1], sealed: SealedKey | null): Promise<Cid> {
    const { keys: keyService } = this.parts
    const { file: { cid }, protected: locked } = record
    const owner = await this.parts.owner()
    return await this.#once(wish, owner, async () => {
      if (locked !== (sealed !== null)) throw new HoldfastError('bad-input', 'a key belongs to protected files, and to no others')
      if (await this.#row({ cid, owner }) !== null) throw new HoldfastError('already-exists', 'this person publishes this file already', { cid })
      const keyCommit = sealed === null ? null : await keyService.keyCommit(cid, sealed)
      if (sealed !== null) await this.parts.access.keep({ cid, owner }, sealed)
      const body = {
        ...record, keyCommit, policy: await this.#policy(record.policy, sealed),
        holders: sealed === null || keyCommit === null ? [] : await this.#sealTo(holders, { cid, owner }, sealed, keyCommit),
      }
      return await this.#affordable({ op: 3, body }, owner)
    })
  }

  async assign(wish: string, { holders, ...change }: Parameters<UploadService['assign']>[1]): Promise<Cid> {
    const owner = await this.parts.owner()
    const name = { cid: change.cid, owner }
    return await this.#once(wish, owner, async () => {
      const { publication } = await this.#standing(name)
      const { keyCommit } = publication
      const needsKey = holders !== null && holders.length > 0 || change.policy !== null && 'public' in change.policy
      const sealed = needsKey ? await this.parts.access.sealedOf(name) : null
      if (needsKey && (sealed === null || keyCommit === null)) throw new HoldfastError('not-found', 'its key is not on this device')
      return { op: 4, body: {
        ...change, rent: change.rent ?? rentFor(change.keepers, publication), policy: change.policy === null ? null : await this.#policy(change.policy, sealed),
        holders: holders === null || sealed === null || keyCommit === null ? holders === null ? null : [] : await this.#sealTo(holders, name, sealed, keyCommit),
      } }
    })
  }

  async buy(wish: string, name: UploadName): Promise<Cid> {
    const me = await this.parts.owner()
    return await this.#once(wish, me, async () => {
      const { publication: { policy } } = await this.#standing(name)
      if (!('pay' in policy)) throw new HoldfastError('bad-input', 'its key is not for sale')
      const known = await this.#read(keys.access(name.cid, name.owner, me))
      if (known?.purchase !== undefined && known.purchase !== null) throw new HoldfastError('already-exists', 'it was bought already')
      return { op: 8, body: { ...name, price: policy.pay.price, box: await this.parts.keys.purchaseBox(name.cid, name.owner) } }
    })
  }

  async settle(wish: string, { cid, owner }: UploadName, buyer: Address): Promise<Cid> {
    const me = await this.parts.owner()
    return await this.#once(wish, me, async () => {
      const purchase = (await this.#read(keys.access(cid, owner, buyer)))?.purchase ?? null
      if (purchase === null || purchase.settled) throw new HoldfastError('not-found', 'there are no coins to be settled')
      const period = this.parts.parameters.keeperPeriod
      const { grant, block, keyCommit, box } = purchase
      const age = this.parts.sync.status.head.header.number + 1 - (grant?.block ?? block)
      const context = { network: this.parts.network, cid, owner, purpose: 'access', requester: buyer, box, request: null } as const
      const isFalse = grant !== null && buyer === me && age < period && await this.parts.keys.openEnvelope(grant, keyCommit, context) === null
      if (!isFalse && age < period) throw new HoldfastError('not-found', 'its time has not come yet', { blocks: period - age })
      return { op: 10, body: { cid, owner, buyer, secret: isFalse ? await this.parts.keys.purchaseSecret(cid, owner) : null } }
    })
  }

  async openKeeping(wish: string, { pledged, price, public: open }: Parameters<UploadService['openKeeping']>[1]): Promise<Cid> {
    const me = await this.parts.owner()
    return await this.#once(wish, me, async () => {
      if (![pledged, price].every(value => Number.isSafeInteger(value) && value >= 0)) throw new HoldfastError('bad-input', 'neither bytes nor coins')
      const { box } = await this.parts.keys.publicKeys()
      const bond = Math.max(bondFor(pledged, this.parts.parameters), (await this.#read(keys.keeper(me)))?.bond ?? 0) // which only grows
      return { op: 5, body: { open: { bond, pledged, price, box: toHex(box), public: open } } }
    })
  }

  async closeKeeping(wish: string): Promise<Cid> {
    const me = await this.parts.owner()
    return await this.#once(wish, me, async () => {
      const keeper = await this.#read(keys.keeper(me))
      if (keeper === null || keeper.status === 'closing') throw new HoldfastError('not-found', 'it keeps nothing, or is closing already')
      return { op: 5, body: { close: null } }
    })
  }

  async claim(wish: string, uploads: readonly UploadName[]): Promise<Cid> {
    const me = await this.parts.owner()
    return await this.#once(wish, me, async () => await Promise.resolve({ op: 5, body: { claim: { uploads: listOf(uploads) } } }))
  }

  /** Shows leaves this account was asked for. */
  async prove(wish: string, body: Audit): Promise<Cid> {
    const me = await this.parts.owner()
    return await this.#once(wish, me, async () => await Promise.resolve({ op: 6, body }))
  }

  async tellBox(wish: string): Promise<Cid> {
    const me = await this.parts.owner()
    return await this.#once(wish, me, async () => {
      const box = toHex((await this.parts.keys.publicKeys()).box)
      if (await this.#read(keys.box(me)) === box) throw new HoldfastError('already-exists', 'the ledger has it')
      return { op: 7, body: { profile: await this.#read(keys.profile(me)) ?? '{}', box } }
    })
  }

  async accept(wish: string, uploads: readonly UploadName[]): Promise<Cid> {
    for (const name of uploads) await this.parts.notes.letGo(name, null)
    return await this.take(wish, uploads)
  }

  /** The same without a word of the person. */
  async take(wish: string, uploads: readonly UploadName[]): Promise<Cid> {
    const me = await this.parts.owner()
    return await this.#once(wish, me, async () => await Promise.resolve({ op: 5, body: { accept: { uploads: listOf(uploads) } } }))
  }

  async release(wish: string, uploads: readonly UploadName[], reason: 'ordinary' | 'legal' | 'lost'): Promise<Cid> {
    const { notes, clock } = this.parts
    const me = await this.parts.owner()
    if (reason !== 'lost') for (const name of uploads) await notes.letGo(name, clock.now())
    return await this.#once(wish, me, async () => await Promise.resolve({ op: 5, body: { release: { uploads: listOf(uploads), reason } } }))
  }

  /** One transaction for each wish, made where there is none yet. */
  async #once(wish: string, sender: Address, make: () => Promise<Wish>): Promise<Cid> {
    const { outbox } = this.parts
    const what = outbox.whatOf(wish) ?? await make()
    return (await outbox.add(wish, what, sender, 'signed')).id
  }

  /** With a term as short as work pays for, where there are no coins for the fee. */
  async #affordable(what: Extract<Wish, { op: 3 }>, owner: Address): Promise<Wish> {
    const { outbox, parameters: { minimumFee } } = this.parts
    const account = await outbox.account(owner)
    if (account === null) throw new HoldfastError('peer-unreachable', 'nobody tells what the account has')
    if (account.balance - outbox.leaving(owner) >= minimumFee + spends(what)) return what
    const short: Wish = { op: 3, body: { ...what.body, until: Math.min(what.body.until, publicationLimits.stampedPeriods) } }
    return isStampable(short) ? short : what
  }

  /** With the key itself where it is for everybody. */
  async #policy(policy: Policy, sealed: SealedKey | null): Promise<Policy> {
    if (!('public' in policy) || sealed === null) return policy
    const key = await this.parts.keys.reveal(sealed)
    try { return { public: toHex(key) } } finally { key.fill(0) }
  }

  async #sealTo(holders: readonly Address[], { cid, owner }: UploadName, sealed: SealedKey, keyCommit: string): Promise<readonly Holder[]> {
    if (holders.some(holder => !isAddress(holder))) throw new HoldfastError('bad-input', 'not an address')
    const { network, keys: keyService } = this.parts
    const boxes = await readRows(this.#reader, holders.map(holder => keys.box(holder)))
    const made: Holder[] = []
    for (const [i, address] of holders.entries()) {
      const box = boxes[i] ?? null
      if (box === null) throw new HoldfastError('no-box', 'they have told no key that something can be sealed to', { address })
      made.push({ address, box, ...await keyService.sealFor(sealed, keyCommit, { network, cid, owner, purpose: 'holder', requester: address, box, request: null }) })
    }
    return made
  }

  /** One that counts, by the head. */
  async #standing(name: UploadName): Promise<UploadRow> {
    const row = await this.#row(name)
    if (row === null || isOver(row, this.parts.sync.status.head.header.number)) throw new HoldfastError('not-found', row === null ? 'no such upload on the ledger' : 'it is withdrawn, or its time is over')
    return row
  }

  async #row({ cid, owner }: UploadName): Promise<UploadRow | null> {
    checkName({ cid, owner })
    return await this.#read(keys.upload(cid, owner))
  }

  async #read<T>(key: StateKey<T>): Promise<T | null> { return await readRow(this.#reader, key) }

  get #reader(): ReadValues { return async names => await valuesAtHead(this.parts.sync, names) }
}

/** `bad-input` for what no upload is called. */
export function checkName({ cid, owner }: UploadName): void {
  if (!isCid(cid) || !isAddress(owner)) throw new HoldfastError('bad-input', 'not the name of an upload')
}

/** From here, or proved by others; `peer-unreachable` where nobody can. */
export async function valuesAtHead(sync: Pick<Sync, 'read'>, names: readonly string[]): Promise<readonly (Uint8Array | null)[]> {
  const found: (Uint8Array | null)[] = []
  for (let at = 0; at < names.length; at += limits.uploadsProvedAtOnce) {
    const some = await sync.read(names.slice(at, at + limits.uploadsProvedAtOnce))
    if (some === null) throw new HoldfastError('peer-unreachable', 'nobody tells what the ledger has')
    found.push(...some.values)
  }
  return found
}

/** Keepers are asked with a rent, which may be of no coins: what goes with these, where the record has none that fits. */
function rentFor(keepers: readonly Address[] | null, { rent, until }: Publication): Rent | null {
  if (keepers === null || keepers.length === 0) return null
  const wanted = Math.min(rent?.wanted ?? usualKeepers, keepers.length)
  return rent?.wanted === wanted ? null : { each: rent?.each ?? 0, periods: rent?.periods ?? until, wanted }
}

const usualKeepers = 3
const GiB = 2 ** 30

/** Coins that let a keeper fill what it pledges, in whole tens, so that it is told to the coin which tenth is burned; none where nobody could get them back, since there are no proofs. */
export function bondFor(pledged: number, parameters: NetworkParameters): number {
  const { keeperBond, keeperBondPerGiB } = parameters
  return paysKeepers(parameters) ? Math.ceil(Math.max(keeperBond, keeperBondPerGiB * pledged / GiB) / 10) * 10 : 0
}

function listOf(uploads: readonly UploadName[]): readonly (readonly [Cid, Address])[] {
  if (uploads.length === 0 || uploads.length > limits.uploadsNamed) throw new HoldfastError('bad-input', 'not so many at once')
  return uploads.map(({ cid, owner }) => [cid, owner])
}
