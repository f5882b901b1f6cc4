import { HoldfastError } from '../base/index.ts'
import type { Outbox } from './outbox.ts'
import type { RecordDeskParts } from './record-desk.ts'

/** Wirings of the own account, by its outbox. */
export function bookWirings(outbox: Pick<Outbox, 'add' | 'list' | 'hasWish' | 'account' | 'leaving'>, owner: RecordDeskParts['owner']): RecordDeskParts['wirings'] {
  return {
    async wire(wish, to, coins) { await outbox.add(wish, { op: 1, body: { to, amount: coins } }, await owner(), 'signed') },
    wiringOf(wish) {
      if (outbox.hasWish(wish)) return 'going'
      return outbox.list().find(each => each.wish === wish)?.problem ?? 'none'
    },
    async spare(address) {
      const account = await outbox.account(address)
      if (account === null) throw new HoldfastError('peer-unreachable', 'nobody tells what the account has')
      return account.balance - outbox.leaving(address)
    },
  }
}
