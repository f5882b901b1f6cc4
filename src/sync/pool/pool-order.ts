import { limits } from '../../base/index.ts'
import type { StateAnswer } from '../wire.ts'
import type { Pool } from './pool.ts'
import type { RecordPool } from './record-pool.ts'

/** Numbers of what waits, transactions and records one after the other, so that whoever asks again and again gets each once. `last`: the number given last. */
export interface PoolOrder { last: number }

/** How much of both one answer has. */
export interface AnswerRoom { readonly transactions: number, readonly records: number, readonly bytes: number }

const usualRoom: AnswerRoom = { transactions: limits.blockTransactions, records: limits.blockRecords, bytes: limits.poolAnswerBytes }

/** What came into both pools after `cursor`, as it came, as far as there is room, and the cursor after it. One that is ahead of all there is begins anew. */
export function heardAfter(cursor: number, { numbers, pool, records }: { readonly numbers: PoolOrder, readonly pool: Pool, readonly records: RecordPool }, room: AnswerRoom = usualRoom): StateAnswer<'future'>['pool'] {
  const after = cursor > numbers.last ? 0 : cursor
  if (after === numbers.last) return { next: after, transactions: [] }
  const [entries, items] = [pool.after(after, room.transactions + 1), records.after(after, room.records + 1)]
  const told = { transactions: [] as Uint8Array[], records: [] as Uint8Array[] }
  for (let [bytes, next] = [0, after]; ;) {
    const [entry, item] = [entries[told.transactions.length], items[told.records.length]]
    if (entry === undefined && item === undefined) return answer(numbers.last, told)
    const isEntry = item === undefined || entry !== undefined && entry.order < item.order
    const [kind, each, order] = isEntry ? ['transactions', entry!.bytes, entry!.order] as const : ['records', item.item.bytes, item.order] as const
    bytes += each.length
    if (told[kind].length === room[kind] || bytes > room.bytes) return answer(next, told)
    told[kind].push(each)
    next = order
    if (isEntry) pool.noteGiven(entry!)
    else records.noteGiven(item)
  }
}

function answer(next: number, { transactions, records }: { readonly transactions: readonly Uint8Array[], readonly records: readonly Uint8Array[] }): StateAnswer<'future'>['pool'] {
  return { next, transactions, ...records.length === 0 ? {} : { records } }
}
