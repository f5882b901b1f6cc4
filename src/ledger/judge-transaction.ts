import type { Secp256k1 } from '../base/index.ts'
import type { Parameters } from './parameters.ts'
import { breaks, type Refusal } from './rules.ts'
import { stampWork } from './stamp.ts'
import { isSignedBySender, type Transaction } from './transaction.ts'
import { isOpCode, ops } from './ops/index.ts'
import type { NetworkId } from './fields.ts'

/** Seconds a transaction lives: 12 hours. */
export const transactionLife = 43_200
/** Seconds a transaction's time may lie before the block's. */
export const transactionDrift = 15

export interface Rulebook {
  readonly network: NetworkId
  readonly parameters: Parameters
  readonly signatures: Secp256k1
  /** `judgeAlone`, or what remembers its verdicts. */
  readonly judgeAlone?: (transaction: Transaction, rulebook: Rulebook) => Refusal | null
}

/** The first rule a transaction breaks that needs no state, cheap ones first, in a block of this time; null where it keeps them all. */
export function judgeTransaction(transaction: Transaction, blockTime: number, rulebook: Rulebook): Refusal | null {
  const { network, parameters } = rulebook
  const { op, time } = transaction
  if (!isOpCode(op) || !parameters.ops.includes(op)) return breaks('unknown-op', `this network has no operation ${op as number}`)
  if (transaction.network !== network) return breaks('tx-network', 'made for another network')
  if (time > blockTime + transactionDrift) return breaks('tx-early', `${time - blockTime} s ahead of the block`)
  if (blockTime - time > transactionLife) return breaks('tx-expired', `${blockTime - time} s older than the block`)
  return (rulebook.judgeAlone ?? judgeAlone)(transaction, rulebook)
}

/** The part of it that follows from the transaction and the network alone. */
export function judgeAlone(transaction: Transaction, { parameters, signatures }: Rulebook): Refusal | null {
  const { op, fee, stamp } = transaction
  if (stamp === null) {
    if (fee < parameters.minimumFee) return breaks('tx-fee', `a fee of ${fee}, below ${parameters.minimumFee}`)
  } else {
    if (fee > 0) return breaks('tx-fee', 'a fee beside a stamp')
    if (!ops[op].stampable) return breaks('stamp-forbidden', `a stamp on ${ops[op].name}`)
    const work = stampWork(transaction)
    if (work < parameters.stampBits) return breaks('stamp-weak', `a stamp of ${work} bits, below ${parameters.stampBits}`)
  }
  return isSignedBySender(transaction, signatures) ? null : breaks('tx-signature', 'not the signature of its sender')
}
