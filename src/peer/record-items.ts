import { HoldfastError, fromHex, limits, sha256, toHex } from '../base/index.ts'
import { chainCredits, chainIdHash, chainIdOf, encodeEntry, entryCredits, entryHash, entryHeadBytes, entrySize } from '../records/index.ts'
import { keys, type OpenCommit, type StateKey } from '../state/index.ts'
import type { ChainId, EntryHash, RecordDraft } from './record-api.ts'
import type { RecordValue } from './record-values.ts'

/** A draft as the entry it becomes. */
export interface DraftEntry {
  readonly chain: ChainId
  readonly begins: boolean
  readonly entryHash: EntryHash
  readonly bytes: Uint8Array<ArrayBuffer>
  /** Entry credits it costs. */
  readonly credits: number
}

/** Bytes an entry may have beside its head. */
export const mostPayload = limits.recordBytes - entryHeadBytes

/** Bytes of payload of a draft, however many. */
export function payloadOf(draft: RecordDraft): number { return entrySize(draft) - entryHeadBytes }

/** `bad-input` where it is none, `too-large`. */
export function entryOf(draft: RecordDraft): DraftEntry {
  const { chain: named, extIds, content } = draft
  if (payloadOf(draft) > mostPayload) throw new HoldfastError('too-large', 'more than an entry holds', { payload: payloadOf(draft), most: mostPayload })
  if (named !== null && !/^[0-9a-f]{64}$/.test(named)) throw new HoldfastError('bad-input', 'not a ChainID')
  const chain = named ?? chainIdOf(extIds)
  const bytes = encodeEntry({ chainId: chain, extIds, content })
  const begins = named === null
  return { chain, begins, entryHash: entryHash(bytes), bytes, credits: entryCredits(bytes.length) + (begins ? chainCredits : 0) }
}

/** What an own commit or Factoid transaction is known by in the state, from its bytes. */
export function paidOf(bytes: Uint8Array): string {
  return toHex(sha256(bytes[0] === 0x02 ? bytes.subarray(0, -factoidSealBytes) : bytes.subarray(0, -signatureBytes))) // the only input of an own one says who pays
}

const signatureBytes = 64
const factoidSealBytes = 33 + signatureBytes

/** Where the state lists the open commits of an entry with so many credits. */
export function commitsOf({ begins, chain, entryHash: hash, credits }: Pick<RecordValue, 'begins' | 'chain' | 'entryHash' | 'credits'>): StateKey<readonly OpenCommit[]> {
  return keys.commits(begins ? chainIdHash(fromHex(chain)!) : hash, credits)
}
