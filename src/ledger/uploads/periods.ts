import { addressBytes, concat, limits, sha256, utf8, type Address } from '../../base/index.ts'
import { auditLeaves } from '../../content/index.ts'
import { keys, mostPicks, remove, type Keeper, type KeeperNow, type Pick as Picked, type StateView } from '../../state/index.ts'
import { give, mayHold } from './coins.ts'
import { isBound, leave } from './duties.ts'
import { isOver } from './rows.ts'

/** The block whose keepers are settled. */
export interface Settling { readonly number: number, readonly generation: Uint8Array, readonly period: number }

/** Periods missed in a row after which a keeper's places are open to others, and after which it is none any more. */
const [awayAfter, goneAfter] = [2, 3]
/** The part of a bond that is burned when its keeper is gone. */
const burnedOf = (bond: number): number => Math.floor(bond / 10)
const allResults = (1n << 64n) - 1n

/**
 * Settles the keepers whose turn it is: number i in the blocks n = i mod period, so that each block has few. The period that ends is proved, or missed; the next one's picks are
 * drawn from what the block before could not know. Who moved to another place in the list since, and was settled less than a period ago, has a longer one.
 */
export async function settleKeepers(state: StateView, settling: Settling): Promise<void> {
  const { number, period } = settling
  const total = await state.get(keys.keepers.total) ?? 0
  const due: Address[] = []
  for (let i = number % period; i < total; i += period) {
    const address = await state.get(keys.keepers.at(i))
    if (address !== null) due.push(address)
  }
  for (const address of due) await settle(state, address, settling)
}

async function settle(state: StateView, address: Address, settling: Settling): Promise<void> {
  const key = keys.keeper(address)
  const [keeper, now] = [await state.get(key), await state.get(keys.keeperNow(address))]
  if (keeper === null) return
  if (!isBound(keeper)) { await windUp(state, address, keeper); return }
  if (now !== null && settling.number - now.settled < settling.period) return
  const next = now === null ? keeper : closed(keeper, await isProved(state, now, settling.number))
  state.set(key, next)
  if (next.status === 'gone') await burn(state, address, next)
  else state.set(keys.keeperNow(address), { settled: settling.number, picks: await drawPicks(state, address, next.count, settling.generation), answered: 0 })
}

/** A keeper with a period more behind it. */
function closed(keeper: Keeper, proved: boolean): Keeper {
  const missed = proved ? 0 : keeper.missed + 1
  const status = proved ? 'active' : missed >= goneAfter ? 'gone' : missed >= awayAfter ? 'away' : keeper.status
  return { ...keeper, status, missed, periods: keeper.periods + 1, results: (keeper.results << 1n | (proved ? 1n : 0n)) & allResults }
}

async function isProved(state: StateView, { picks, answered }: KeeperNow, number: number): Promise<boolean> {
  for (const [i, { cid, owner }] of picks.entries()) {
    if ((answered >> i & 1) === 1) continue
    const row = await state.get(keys.upload(cid, owner))
    if (row !== null && !isOver(row, number)) return false
  }
  return true
}

/** Nobody gains from a keeper's failure. */
async function burn(state: StateView, address: Address, keeper: Keeper): Promise<void> {
  const lost = burnedOf(keeper.bond)
  const before = await state.get(keys.burned) ?? 0
  if (before + lost > 0) state.set(keys.burned, before + lost)
  state.set(keys.keeper(address), { ...keeper, bond: keeper.bond - lost })
  state.set(keys.keeperNow(address), null)
}

/** Leaves that are to be shown: H = SHA-256("holdfast/pick/1" | generation | address | k) says which upload, and which leaf of its file. One that is drawn twice is asked once. */
async function drawPicks(state: StateView, address: Address, count: number, generation: Uint8Array): Promise<readonly Picked[]> {
  const picks: Picked[] = []
  for (let k = 0; k < (count > 0 ? mostPicks : 0); k++) {
    const hash = sha256(concat(utf8('holdfast/pick/1'), generation, addressBytes(address) ?? new Uint8Array(), Uint8Array.of(k)))
    const upload = await state.get(keys.duty(address, Number(u64(hash, 0) % BigInt(count))))
    const row = upload === null ? null : await state.get(keys.upload(...upload))
    if (upload === null || row === null) continue
    const pick = { cid: upload[0], owner: upload[1], leaf: Number(u64(hash, 8) % BigInt(auditLeaves(row.publication.file.size))) }
    if (!picks.some(({ cid, owner, leaf }) => cid === pick.cid && owner === pick.owner && leaf === pick.leaf)) picks.push(pick)
  }
  return picks
}

const u64 = (bytes: Uint8Array, at: number): bigint => new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(at)

/** What is left of a keeper goes by and by: some duties each time; the bond of one who closed, the second time; the row when nothing hangs on it. */
async function windUp(state: StateView, address: Address, keeper: Keeper): Promise<void> {
  const key = keys.keeper(address)
  for (let left = Math.min(limits.dutiesEnded, keeper.count); left > 0; left--) {
    const last = await state.get(key)
    const upload = last === null ? null : await state.get(keys.duty(address, last.count - 1))
    if (upload !== null) await leave(state, upload, address, false)
  }
  const row = await state.get(key)
  if (row === null) return
  const missed = keeper.status === 'closing' ? Math.min(2, row.missed + 1) : row.missed
  const free = keeper.status === 'closing' && missed === 2 && await mayHold(state, address, row.bond)
  if (free) await give(state, address, row.bond)
  const bond = free ? 0 : row.bond
  if (row.count === 0 && bond === 0 && (free || keeper.status === 'gone')) await forget(state, address, row)
  else state.set(key, { ...row, missed, bond })
}

async function forget(state: StateView, address: Address, { index }: Keeper): Promise<void> {
  state.set(keys.keeper(address), null)
  const moved = await remove(state, keys.keepers, index)
  const key = moved === null ? null : keys.keeper(moved)
  const row = key === null ? null : await state.get(key)
  if (key !== null && row !== null) state.set(key, { ...row, index })
}

