import { decode, fromUtf8, type Address } from '../../../src/base/index.ts'
import type { Difference } from '../../../src/hamt/index.ts'
import { keys, type Account, type Duty, type Keeper, type KeeperNow, type UploadRow } from '../../../src/state/index.ts'
import { valueOf } from './books.ts'

/** An upload by one text. */
export type Ref = string
export function refOf(cid: string, owner: Address): Ref { return `${cid}/${owner}` }
export function namedOf(ref: Ref): readonly [cid: string, owner: Address] {
  const [cid = '', owner = ''] = ref.split('/')
  return [cid, owner]
}

/** The rows of the head's state that people look at, as the index of a peer has them: read from what differs between one head's state and the next, other branches and all. */
export class HeadView {
  readonly accounts = new Map<Address, Account>()
  readonly keepers = new Map<Address, Keeper>()
  readonly now = new Map<Address, KeeperNow>()
  readonly uploads = new Map<Ref, UploadRow>()
  readonly escrow = new Map<Ref, number>()
  /** Of each keeper, what it promised. */
  readonly duties = new Map<Address, Map<Ref, Duty>>()
  /** Of each keeper, what is offered to it by name. */
  readonly offers = new Map<Address, Set<Ref>>()
  /** Of each owner, its uploads. */
  readonly own = new Map<Address, Set<Ref>>()
  /** Told of uploads whose row is another. */
  onUpload: (ref: Ref, before: UploadRow | undefined, after: UploadRow | undefined) => void = () => {}

  /** Told of keepers whose status is another. */
  onStatus: (address: Address) => void = () => {}

  onKeeper: (address: Address, row: Keeper) => void = () => {}

  take(differences: readonly Difference[]): void {
    for (const { key, after } of differences) {
      const [room, ...rest] = (fromUtf8(key) ?? '').split('/')
      if (room === 'account' && rest.length === 1) put(this.accounts, rest[0]!, after === null ? null : valueOf(keys.account(''), after))
      else if (room === 'keeper' && rest[0]?.startsWith('T') === true) this.#keeper(rest[0], rest[1], after)
      else if (room === 'escrow') put(this.escrow, rest.join('/'), after === null ? null : valueOf(keys.escrow('', ''), after))
      else if (room === 'upload' && rest.length > 1) this.#upload(rest, after)
    }
  }

  #keeper(address: Address, more: string | undefined, after: Uint8Array | null): void {
    if (more === undefined) {
      const before = this.keepers.get(address)?.status
      put(this.keepers, address, after === null ? null : valueOf(keys.keeper(''), after))
      const row = this.keepers.get(address)
      if (row !== undefined) this.onKeeper(address, row)
      if (before !== row?.status) this.onStatus(address)
    }
    else if (more === 'now') put(this.now, address, after === null ? null : valueOf(keys.keeperNow(''), after))
  }

  #upload([cid = '', owner = '', kept, keeper]: readonly string[], after: Uint8Array | null): void {
    const ref = refOf(cid, owner)
    if (kept !== undefined) {
      const of = listed(this.duties, keeper ?? '', () => new Map<Ref, Duty>())
      put(of, ref, after === null ? null : dutyOf(after))
      return
    }
    const before = this.uploads.get(ref)
    const row = after === null ? undefined : valueOf(keys.upload('', ''), after)
    for (const address of before?.publication.keepers ?? []) this.offers.get(address)?.delete(ref)
    for (const address of row?.publication.keepers ?? []) listed(this.offers, address, () => new Set<Ref>()).add(ref)
    put(this.uploads, ref, row ?? null)
    const own = listed(this.own, owner, () => new Set<Ref>())
    if (row === undefined) own.delete(ref)
    else own.add(ref)
    this.onUpload(ref, before, row)
  }
}

function dutyOf(bytes: Uint8Array): Duty {
  const judged = decode(keys.kept('', '', '').codec, bytes)
  if (!judged.ok) throw new Error(judged.reason)
  return judged.value
}

function put<K, V>(map: Map<K, V>, key: K, value: V | null): void {
  if (value === null) map.delete(key)
  else map.set(key, value)
}

function listed<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
