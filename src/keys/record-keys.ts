import { ed25519 } from '@noble/curves/ed25519.js'
import { HoldfastError, fromHex, isMap, limits, toHex } from '../base/index.ts'
import type { NetworkId } from '../ledger/index.ts'
import {
  chainCommitLedger, chainCredits, chainIdHash, commitWeld, decodeEntry, decodeFirstEntry, encodeChainCommit, encodeEntryCommit, encodeFactoid, entryCommitLedger, entryCredits, entryHash,
  factoidLedger, rcdHashOf, type FactoidAmount,
} from '../records/index.ts'
import { entryCreditKey, factoidKey, type KeyPair } from './derivation.ts'
import type { ImportedPair } from './factom-keys.ts'
import type { IdentityBook } from './identity-book.ts'

/**
 * What is paid for records, told by what it is for: the item is made here, so that nobody can have other bytes signed with these keys. `time`: ms since 1970. A commit costs what its entry does,
 * no more; coins leave one Factoid address alone. `by`: 32 bytes in hex of the Entry Credit or Factoid address of a key that was made elsewhere; without it the person's own of the network signs.
 */
export type RecordRequest =
  | { readonly kind: 'commit', readonly time: number, readonly entry: Uint8Array, readonly begins: boolean, readonly by?: string }
  | { readonly kind: 'factoid', readonly time: number, readonly outputs: readonly FactoidOutput[], readonly purchases: readonly FactoidOutput[], readonly fee: number, readonly by?: string }

/** `address`: hash of an RCD, or an Entry Credit key, in hex. */
export interface FactoidOutput { readonly address: string, readonly coins: number }

export interface RecordKeyService {
  /** Commits and Factoid transactions of this person on a network, signed and whole, in the order of the requests. All or none: `bad-input` where one of them is no such thing, `not-own` where it names a key that is not here, `locked`. */
  signRecords(network: NetworkId, requests: readonly RecordRequest[]): Promise<readonly Uint8Array<ArrayBuffer>[]>
}

export function createRecordKeys(book: Pick<IdentityBook, 'secrets'>, imported: ImportedPair): RecordKeyService {
  return {
    async signRecords(network, requests) {
      const judged = judgeRequests(requests)
      const { seed } = await book.secrets()
      const own = { commit: entryCreditKey(seed, network), factoid: factoidKey(seed, network) }
      const pairs = [own.commit, own.factoid]
      const pairOf = async ({ kind, by }: RecordRequest): Promise<KeyPair> => {
        if (by === undefined) return own[kind]
        const pair = await imported(kind === 'commit' ? 'EC' : 'FA', by)
        pairs.push(pair)
        return pair
      }
      const signed: Uint8Array<ArrayBuffer>[] = []
      try {
        for (const request of judged) {
          const pair = await pairOf(request)
          signed.push(request.kind === 'commit' ? commitOf(request, pair) : paymentOf(request, pair))
        }
      } finally { for (const { secret } of pairs) secret.fill(0) }
      return signed
    },
  }
}

type Commit = Extract<RecordRequest, { kind: 'commit' }>
type Payment = Extract<RecordRequest, { kind: 'factoid' }>

/** They come from another thread and can be anything. */
function judgeRequests(requests: unknown): readonly RecordRequest[] {
  if (!Array.isArray(requests) || requests.length > limits.recordsSigned) throw new HoldfastError('bad-input', `no list of ${limits.recordsSigned} requests at most`)
  for (const each of requests as readonly unknown[]) if (!isRequest(each)) throw new HoldfastError('bad-input', 'not what is signed')
  return requests as readonly RecordRequest[]
}

function isRequest(value: unknown): value is RecordRequest {
  if (!isMap(value) || !Number.isSafeInteger(value['time']) || (value['time'] as number) <= 0) return false
  if (value['by'] !== undefined && !isHash(value['by'])) return false
  if (value['kind'] === 'commit') return value['entry'] instanceof Uint8Array && typeof value['begins'] === 'boolean'
  const { outputs, purchases, fee } = value
  return value['kind'] === 'factoid' && isList(outputs) && isList(purchases) && outputs.length + purchases.length > 0 && isCoins(fee)
}

function isList(value: unknown): value is readonly FactoidOutput[] {
  return Array.isArray(value) && value.length <= 255 && value.every(each => isMap(each) && isHash(each['address']) && isCoins(each['coins']))
}

function isHash(value: unknown): value is string { return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value) }

function isCoins(value: unknown): value is number { return Number.isSafeInteger(value) && (value as number) > 0 && (value as number) < 2 ** 40 }

function commitOf({ time, entry: bytes, begins }: Commit, { secret, public: key }: KeyPair): Uint8Array<ArrayBuffer> {
  const entry = begins ? decodeFirstEntry(bytes) : decodeEntry(bytes)
  if (!entry.ok) throw new HoldfastError('bad-input', entry.reason, { code: entry.code })
  const hash = entryHash(bytes)
  const cost = entryCredits(bytes.length)
  const seal = (ledger: Uint8Array) => ({ publicKey: toHex(key), signature: toHex(ed25519.sign(ledger, secret)) })
  if (!begins) {
    const unsigned = { timestamp: time, entryHash: hash, credits: cost }
    return encodeEntryCommit({ ...unsigned, ...seal(entryCommitLedger(unsigned)) })
  }
  const chainId = fromHex(entry.value.chainId)!
  const unsigned = { timestamp: time, chainIdHash: chainIdHash(chainId), weld: commitWeld(fromHex(hash)!, chainId), entryHash: hash, credits: chainCredits + cost }
  return encodeChainCommit({ ...unsigned, ...seal(chainCommitLedger(unsigned)) })
}

function paymentOf({ time, outputs, purchases, fee }: Payment, { secret, public: key }: KeyPair): Uint8Array<ArrayBuffer> {
  const amounts = (list: readonly FactoidOutput[]): readonly FactoidAmount[] => list.map(({ address, coins }) => ({ address, amount: BigInt(coins) }))
  const sum = [...outputs, ...purchases].reduce((all, { coins }) => all + coins, fee)
  const unsigned = { timestamp: time, inputs: [{ address: toHex(rcdHashOf(key)), amount: BigInt(sum) }], outputs: amounts(outputs), purchases: amounts(purchases) }
  return encodeFactoid({ ...unsigned, seals: [{ publicKey: toHex(key), signature: toHex(ed25519.sign(factoidLedger(unsigned), secret)) }] })
}
