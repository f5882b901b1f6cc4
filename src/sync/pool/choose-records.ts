import { limits } from '../../base/index.ts'
import type { PoolRecord } from './record-pool.ts'

/** How many records a block has room for, and how many bytes beside its transactions. */
export interface RecordRoom { readonly count: number, readonly bytes: number }

/**
 * Records that go into a block: payments and reveals have half of the places each, and what one of them leaves the other. Own ones first; then each payer one at a time, in the order in which it paid, those first
 * whose next one pays most for a byte. A reveal goes where its commit is in the state or comes before it. In the block: Factoid transactions, so that credits can be spent at once; commits; reveals, in the order in which they were paid for: that in
 * which they came is another one after a branch was left.
 */
export function chooseRecords(records: readonly PoolRecord[], { count, bytes }: RecordRoom = { count: limits.blockRecords, bytes: limits.bodyBytes }): readonly PoolRecord[] {
  const [payments, reveals] = [records.filter(({ needs }) => needs.kind !== 'reveal'), records.filter(({ needs }) => needs.kind === 'reveal')]
  const half = { count: Math.floor(count / 2), bytes: Math.floor(bytes / 2) }
  const kept = { count: Math.min(half.count, reveals.length), bytes: Math.min(half.bytes, sizeOf(reveals)) }
  const paying = inTurn(payments, { count: count - kept.count, bytes: bytes - kept.bytes })
  const committed = new Set(paying.map(({ needs }) => needs.entry))
  const waiting = new Set(payments.filter(each => !paying.includes(each)).map(({ needs }) => needs.entry))
  const revealing = inTurn(reveals.filter(({ needs }) => committed.has(needs.entry) || !waiting.has(needs.entry)), { count: count - paying.length, bytes: bytes - sizeOf(paying) })
  const of = (kind: 'factoid' | 'commit'): readonly PoolRecord[] => paying.filter(({ needs }) => needs.kind === kind).sort(byPay)
  return [...of('factoid'), ...of('commit'), ...revealing.toSorted((a, b) => Number(b.needs.begins) - Number(a.needs.begins) || byPay(a, b))]
}

/** As many as there is room for. */
function inTurn(records: readonly PoolRecord[], room: RecordRoom): PoolRecord[] {
  const taken: PoolRecord[] = []
  let bytes = 0
  const take = (record: PoolRecord): void => {
    const size = sizeOf([record])
    if (taken.length >= room.count || bytes + size > room.bytes) return
    taken.push(record)
    bytes += size
  }
  for (const record of records.filter(({ own }) => own).sort(byPay)) take(record)
  const lines = linesOf(records.filter(({ own }) => !own))
  for (let at = 0; taken.length < room.count && lines.some(line => line.length > at); at++) {
    for (const record of lines.flatMap(line => line[at] ?? []).sort((a, b) => rateOf(b) - rateOf(a) || byAge(a, b))) take(record)
  }
  return taken
}

/** By who pays for them. */
function linesOf(records: readonly PoolRecord[]): readonly (readonly PoolRecord[])[] {
  const lines = new Map<string, PoolRecord[]>()
  for (const record of records) {
    const payer = record.paid?.payer ?? ''
    const line = lines.get(payer)
    if (line === undefined) lines.set(payer, [record])
    else line.push(record)
  }
  return [...lines.values()].map(line => line.sort(byPay))
}

/** As a body has them: its bytes and their head. */
function sizeOf(records: readonly PoolRecord[]): number { return records.reduce((sum, { item: { bytes } }) => sum + bytes.length + 3, 0) }

function rateOf({ paid, item: { bytes } }: PoolRecord): number { return (paid?.worth ?? 0) / bytes.length }

function byPay(a: PoolRecord, b: PoolRecord): number {
  const [one, other] = [a, b].map(({ paid }) => paid?.time ?? Number.MAX_SAFE_INTEGER) as [number, number]
  return one - other || byAge(a, b)
}

function byAge(a: PoolRecord, b: PoolRecord): number { return a.came - b.came || a.order - b.order }
