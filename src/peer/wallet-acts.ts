import type { BookService } from './book-api.ts'
import type { Served } from './tab-rpc.ts'
import type { WalletActs } from './wallet-api.ts'

/** What a person does with coins, through the ledger worker of whichever tab leads. `ledger` throws where no peer can run. */
export function walletActs(ledger: () => Served<BookService>): WalletActs {
  return {
    send: async (to, amount) => await ledger().send(crypto.randomUUID(), to, amount),
    async cancel(id) { await ledger().cancelSending(id) },
    prove: async id => await ledger().proveRow(id),
    invite: async amount => await ledger().makeInvite(crypto.randomUUID(), amount),
    readInvite: async link => await ledger().readInvite(link),
    claim: async link => await ledger().claimInvite(link),
  }
}
