import { accept, encode } from '../../../src/base/index.ts'
import { findStamp, signTransaction, transaction, type Ledger, type UnsignedTransaction } from '../../../src/ledger/index.ts'
import type { StateAnswer } from '../../../src/sync/index.ts'
import type { Chance } from '../engine/chance.ts'
import { keyOf } from '../network-of.ts'
import type { Key, Lies, Peer } from '../people/peer.ts'

/** Accounts it sends from, and messages of each a time. */
const [senders, each] = [10, 5]

/** Offers whoever asks as many stamped messages as an answer holds, of keys that cost nothing. */
export function spam(chance: Chance): Lies {
  let made: { readonly at: number, readonly transactions: readonly Uint8Array<ArrayBuffer>[] } = { at: 0, transactions: [] }
  return {
    async answers(peer, question, _from, honest) {
      const answer = await honest()
      const { ledger } = peer
      if (!answer.ok || ledger === null || !('future' in question)) return answer
      const now = Math.floor(peer.parts.timeline.now / 1000)
      if (now - made.at > ledger.parameters.blockTime) made = { at: now, transactions: await messages(peer, ledger, now, chance) }
      const { at, transactions } = made
      return accept({ ...answer.value as StateAnswer<'future'>, pool: { next: at, transactions: question.future.pool === at ? [] : transactions } })
    },
  }
}

async function messages(peer: Peer, ledger: Ledger, now: number, chance: Chance): Promise<readonly Uint8Array<ArrayBuffer>[]> {
  const keys = Array.from({ length: senders }, (_, i) => keyOf(`spammer ${peer.number} ${i}`, peer.parts.signatures))
  const made: Uint8Array<ArrayBuffer>[] = []
  for (const key of keys) {
    const { nonce } = await ledger.account(key.address)
    for (let i = 1; i <= each; i++) made.push(stamped(peer, ledger, key, nonce + BigInt(i), now, chance))
  }
  return made
}

function stamped({ parts: { signatures } }: Peer, { network, parameters }: Ledger, { address, secret }: Key, nonce: bigint, time: number, chance: Chance): Uint8Array<ArrayBuffer> {
  const unsigned: UnsignedTransaction = {
    version: 1, network, op: 2, sender: address, nonce, time, fee: 0, witness: null, profile: null, body: { thread: null, message: `{"text":"buy ${chance.next()}"}`, attachment: null }, stamp: 0n,
  }
  return encode(transaction, signTransaction({ ...unsigned, stamp: findStamp(unsigned, parameters.stampBits, 0n, 100_000) ?? 0n }, secret, signatures))
}
