import { encode, type Secp256k1 } from '../../../src/base/index.ts'
import { findStamp, judgeTransactionBytes, signTransaction, transaction, type UnsignedTransaction } from '../../../src/ledger/index.ts'
import type { Peer } from './peer.ts'

/** What people send. */
export interface Sent { submitted: number, refused: Map<string, number> }

/** Makes somebody's next transaction and puts it into their own pool: a payment to `to`, or a stamped message. */
export async function send(peer: Peer, to: Peer | null, signatures: Secp256k1, sent: Sent): Promise<void> {
  const { ledger, sync, plan: { key }, parts: { parameters, chance } } = peer
  if (ledger === null || sync === null || key === null) return
  const account = await ledger.account(key.address)
  let { nonce } = account
  for (const bytes of sync.waiting(key.address)) {
    const read = judgeTransactionBytes(bytes)
    if (read.ok && read.value.nonce > nonce) nonce = read.value.nonce
  }
  const shared = { version: 1, network: ledger.network, sender: key.address, nonce: nonce + 1n, time: Math.floor((peer.life()?.now() ?? 0) / 1000), witness: null, profile: null } as const
  const paid: UnsignedTransaction | null = to === null || to.address === null ? null : { ...shared, op: 1, fee: parameters.minimumFee, body: { to: to.address, amount: 1 + chance.below(100) }, stamp: null }
  const said: UnsignedTransaction = { ...shared, op: 2, fee: 0, body: { thread: null, message: `{"text":"${chance.next()}"}`, attachment: null }, stamp: 0n }
  const value = paid ?? { ...said, stamp: findStamp(said, parameters.stampBits, BigInt(chance.next()), 100_000) ?? 0n }
  const answer = await sync.submit(encode(transaction, signTransaction(value, key.secret, signatures)))
  if (answer.ok) sent.submitted++
  else sent.refused.set(answer.rule, (sent.refused.get(answer.rule) ?? 0) + 1)
}
