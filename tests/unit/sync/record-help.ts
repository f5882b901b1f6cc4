import { toHex, sha256, utf8 } from '../../../src/base/index.ts'
import type { RecordItem } from '../../../src/records/index.ts'
import { keys } from '../../../src/state/index.ts'
import type { PoolRecord } from '../../../src/sync/pool/record-pool.ts'

/* Records of a pool that are nothing but what the pool looks at. */

export type Wish = Omit<PoolRecord, 'order'>

export const hash = (text: string): string => toHex(sha256(utf8(text)))
export const payerOf = (name: string): string => keys.credit(hash(name)).name
export const item = (size: number): RecordItem => ({ kind: 'entry', bytes: new Uint8Array(size) }) as unknown as RecordItem

/** A commit of so many credits, paid for or not. */
export const commit = (name: string, { payer = 'ann', credits = 1, entry = `entry of ${name}`, paid = true, time = 0, more = {} }: { payer?: string, credits?: number, entry?: string, paid?: boolean, time?: number, more?: Partial<Wish> } = {}): Wish => ({
  id: hash(name), item: item(136), source: 'a peer', own: false, came: 0, paid: paid ? { payer: payerOf(payer), worth: credits, time } : null,
  needs: { kind: 'commit', key: `paid/${name}`, takes: [{ from: keys.credit(hash(payer)), amount: credits }], worth: credits, entry, chain: '', begins: false, until: 1_000 }, ...more,
})
export const reveal = (name: string, { payer = 'ann', worth = 1, size = 500, chain = 'a chain', begins = false, paid = true, time = 0, more = {} }: { payer?: string, worth?: number, size?: number, chain?: string, begins?: boolean, paid?: boolean, time?: number, more?: Partial<Wish> } = {}): Wish => ({
  id: hash(name), item: item(size), source: 'a peer', own: false, came: 0, paid: paid ? { payer: payerOf(payer), worth, time } : null,
  needs: { kind: 'reveal', key: `entry/${name}`, takes: [], worth: 0, entry: name, chain, begins, until: 1_000 }, ...more,
})
