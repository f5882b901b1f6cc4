import { HoldfastError, decode, type Address, type Cid } from '../base/index.ts'
import { account, keys, noAccount, type Account } from '../state/index.ts'
import type { DeskParts } from './desk-parts.ts'

/** An account at the head, or at another root: from the state that lies here, else as others prove it. `not-found` where neither is to be had. */
export async function readAccount({ ledger, sync }: Pick<DeskParts, 'ledger' | 'sync'>, address: Address, root?: Cid): Promise<Account> {
  if (sync.status.mode === 'full') return await ledger.account(address, root)
  const read = await sync.read([keys.account(address).name], root)
  if (read === null) throw new HoldfastError('not-found', 'nobody can prove this account now')
  const [bytes = null] = read.values
  if (bytes === null) return noAccount
  const judged = decode(account, bytes)
  if (!judged.ok) throw new HoldfastError('bad-reply', judged.reason)
  return judged.value
}
