import type { RecordActs, RecordService } from './record-api.ts'
import type { Served } from './tab-rpc.ts'

/**
 * What a person does with records, through the ledger worker of whichever tab leads. `ledger` throws where no peer can run. Receipts alone are checked without it too: before
 * anybody told which ledger there is, by the roots the person trusts; `known` says whether one is open, which knows roots of its own.
 */
export function recordActs(ledger: () => Served<RecordService>, known: () => boolean): RecordActs {
  const wish = (): string => crypto.randomUUID()
  return {
    quote: async (draft, by = null) => await ledger().quote(draft, by),
    record: async (draft, by = null) => await ledger().record(wish(), draft, by),
    forget: async which => { await ledger().forget(which) },
    buyCredits: async credits => { await ledger().buyCredits(wish(), credits) },
    sendFactoids: async (to, coins, from = null) => { await ledger().sendFactoids(wish(), to, coins, from) },
    credits: async () => await ledger().credits(),
    chains: async query => await ledger().chains(query),
    chain: async id => await ledger().chain(id),
    entries: async (id, from, count) => await ledger().entries(id, from, count),
    entry: async hash => await ledger().entry(hash),
    search: async query => await ledger().search(query),
    pin: async (id, on) => { await ledger().pin(id, on) },
    fetch: async hashes => await ledger().fetch(hashes),
    receipt: async hash => await ledger().receipt(hash),
    verify: async (text, trusted) => {
      if (known()) try { return await ledger().verify(text, trusted) } catch { /* it was closed meanwhile */ }
      return (await import('./check-receipt.ts')).checkReceipt(text, trusted)
    },
  }
}
