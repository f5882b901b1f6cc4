import { limits } from '../../base/index.ts'
import type { StateAnswer } from '../wire.ts'
import type { Pool, PoolEntry } from './pool.ts'
import type { PoolRecord, RecordPool } from './record-pool.ts'

/** Numbers of what waits, transactions and records one after the other, so that whoever asks again and again gets each once. `last`: the number given last. */
export interface PoolOrder { last: number }

/** How much of both one answer has. */
export interface AnswerRoom { readonly transactions: number, readonly records: number, readonly bytes: number }

const usualRoom: AnswerRoom = { transactions: limits.blockTransactions, records: limits.blockRecords, bytes: limits.poolAnswerBytes }

/** What came into both pools after `cursor`, as it came, as far as there is room, and the cursor after it. One that is ahead of all there is begins anew. */
export function heardAfter(cursor: number, { numbers, pool, records }: { readonly numbers: PoolOrder, readonly pool: Pool, readonly records: RecordPool }, room: AnswerRoom = usualRoom): StateAnswer<'future'>['pool'] {
  let next = cursor > numbers.last ? 0 : cursor
  const told = { transactions: [] as Uint8Array[], records: [] as Uint8Array[] }
  let bytes = 0
  if (next < numbers.last) {
    for (const one of inOrder(pool.after(next), records.after(next))) {
      const [kind, each] = 'item' in one ? ['records', one.item.bytes] as const : ['transactions', one.bytes] as const
      if (told[kind].length === room[kind] || bytes + each.length > room.bytes) return answer(next, told)
      told[kind].push(each)
      bytes += each.length
      next = one.order
      if ('item' in one) records.noteGiven(one)
      else pool.noteGiven(one)
    }
    next = numbers.last
  }
  return answer(next, told)
}

function answer(next: number, { transactions, records }: { readonly transactions: readonly Uint8Array[], readonly records: readonly Uint8Array[] }): StateAnswer<'future'>['pool'] {
  return { next, transactions, ...records.length === 0 ? {} : { records } }
}

/** Two that are each in order, as one. */
function *inOrder(entries: Generator<PoolEntry>, records: Generator<PoolRecord>): Generator<PoolEntry | PoolRecord> {
  let [a, b] = [entries.next(), records.next()]
  while (a.done !== true || b.done !== true) {
    if (b.done === true || a.done !== true && a.value.order < b.value.order) {
      if (a.done === true) return
      yield a.value
      a = entries.next()
    } else {
      yield b.value
      b = records.next()
    }
  }
}
