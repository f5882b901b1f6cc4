import { HoldfastError } from '../base/index.ts'
import type { RecordReader } from './record-reading.ts'

const nobody = async (): Promise<never> => await Promise.reject(new HoldfastError('unsupported', 'records are not read yet'))

/** Until the library of entries is here. */
export const nothingRead: RecordReader = {
  chains: nobody, chain: nobody, entries: nobody, entry: nobody, search: nobody, pin: nobody, fetch: nobody, receipt: nobody, verify: nobody,
  shelf: { read: async hashes => await Promise.resolve(hashes.map(() => null)) },
  chainCount: 0,
  moved() {}, setPayer() {}, written: async () => { await Promise.resolve() }, unwritten: async () => { await Promise.resolve() }, settle: async () => { await Promise.resolve() }, close() {},
}
