import { addressOfKey, encode, loadSecp256k1, sha256, utf8, type Address } from '../../src/base/index.ts'
import { Ledger, bodyId, childRules, emptyBody, encodeBody, header, signHeader, signTransaction, turnAfter, type Parameters, type Transaction, type UnsignedTransaction } from '../../src/ledger/index.ts'
import { memLedgerStore } from '../../src/store/index.ts'

/** A ledger in memory, beside the one under test: blocks are made on it. */
export async function ledgerInMemory(parameters: Parameters): Promise<Ledger> {
  return await Ledger.open({ parameters, store: await memLedgerStore({ states: 3000, bodies: 3000 }), signatures: await loadSecp256k1() })
}

export interface Key { readonly secret: Uint8Array, readonly address: Address, readonly publicKey: Uint8Array }

const known = new Map<string, Key>()

/** Keys that anybody can make anew from their name. */
export async function keyOf(name: string): Promise<Key> {
  const before = known.get(name)
  if (before !== undefined) return before
  const secret = sha256(utf8(name))
  const publicKey = (await loadSecp256k1()).publicKey(secret)
  const key = { secret, publicKey, address: addressOfKey(publicKey) }
  known.set(name, key)
  return key
}

/** Whose turn it may be: the keys `<pool> 0`, `<pool> 1` and so on, from `from` to `seconds` after the head; or at a time, where a rescue is due from then on to anybody. */
export type Turns = { readonly pool?: string } & ({ readonly from?: number, readonly seconds: number } | { readonly at: number })

export interface Mined { readonly header: Uint8Array, readonly body: Uint8Array, readonly time: number, readonly miner: Key }

/** The next block on the head of `ledger`, by the first key whose turn it may be. It is not offered to anybody. Of what is `offered` it has beside `records` what can be executed. */
export async function mine(ledger: Ledger, { pool = 'miner', transactions = [], records = [], offered = [], ...turns }: Turns & { readonly transactions?: readonly Transaction[], readonly records?: readonly Uint8Array<ArrayBuffer>[], readonly offered?: readonly Uint8Array<ArrayBuffer>[] }): Promise<Mined> {
  const { head, chain, network, parameters } = ledger
  const [from, to] = 'at' in turns ? [turns.at - head.header.time, turns.at - head.header.time] : [turns.from ?? 1, turns.seconds]
  const { powerRoot } = childRules(chain, head, parameters)
  for (let i = 0; ; i++) {
    const miner = await keyOf(`${pool} ${i}`)
    const { power } = await ledger.account(miner.address, powerRoot)
    const turn = turnAfter(chain, head, { publicKey: miner.publicKey, power }, network, parameters)
    const interval = turn?.interval ?? null
    const rescues = 'at' in turns && from >= parameters.rescue
    if (turn === null || interval === null || !rescues && (interval < BigInt(from) || interval > BigInt(to))) continue
    const time = head.header.time + (rescues ? from : Number(interval))
    const { mined } = await ledger.account(miner.address)
    const at = { time, nonce: mined + 1n, profile: null }
    const whole = { ...emptyBody, transactions, records }
    const draft = turn.header({ ...at, body: bodyId(encodeBody(whole)) })
    const body = encodeBody(offered.length === 0 ? whole : await ledger.compose(head.root, { header: draft, candidates: transactions, records: [...records, ...offered] }))
    const signed = signHeader(turn.header({ ...at, body: bodyId(body) }), miner.secret, await loadSecp256k1())
    return { header: encode(header, signed), body, time, miner }
  }
}

/** A transaction of `sender` as the next one of its account. */
export async function transact(ledger: Ledger, sender: Key, what: Pick<UnsignedTransaction, 'op' | 'body'>, time: number): Promise<Transaction> {
  const { nonce } = await ledger.account(sender.address)
  const unsigned = { version: 1, network: ledger.network, sender: sender.address, nonce: nonce + 1n, time, fee: ledger.parameters.minimumFee, witness: null, profile: null, stamp: null, ...what } as UnsignedTransaction
  return signTransaction(unsigned, sender.secret, await loadSecp256k1())
}
