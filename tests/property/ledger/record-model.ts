/**
 * The rules of records once more, as plainly as they are told: nothing is ever forgotten, everything is looked for anew. It knows acts and no bytes, so it shares nothing with the ledger but the
 * names of rules.
 */
export interface Entry { readonly name: string, readonly chain: string, readonly names: string | null, readonly payload: number }

export type Act =
  | { readonly kind: 'pay', readonly time: number, readonly from: readonly (readonly [number, string])[], readonly to: readonly (readonly [number, string])[], readonly accounts: readonly (readonly [number, string])[], readonly buy: readonly (readonly [number, string])[] }
  | { readonly kind: 'commit', readonly time: number, readonly payer: string, readonly entry: Entry, readonly credits: number }
  | { readonly kind: 'begin', readonly time: number, readonly payer: string, readonly entry: Entry, readonly credits: number, readonly welded: boolean }
  | { readonly kind: 'reveal', readonly entry: Entry }

interface Commit { readonly act: Extract<Act, { kind: 'commit' | 'begin' }>, readonly block: number, used: boolean }
export interface Placed { readonly entry: string, readonly chain: string, readonly index: number, readonly payer: string, readonly block: number }

const hour = 3_600_000
const most = 2 ** 40 - 1

export class RecordModel {
  readonly factoids = new Map<string, number>()
  readonly accounts = new Map<string, number>()
  readonly credits = new Map<string, number>()
  readonly made = new Set<string>()
  readonly commits: Commit[] = []
  readonly placed: Placed[] = []
  fees = 0

  constructor(readonly rate: number, readonly reward: number) {}

  copy(): RecordModel {
    const copy = new RecordModel(this.rate, this.reward)
    for (const name of ['factoids', 'accounts', 'credits'] as const) for (const [key, value] of this[name]) copy[name].set(key, value)
    for (const each of this.made) copy.made.add(each)
    copy.commits.push(...this.commits.map(each => ({ ...each })))
    copy.placed.push(...this.placed)
    copy.fees = this.fees
    return copy
  }

  /** Does what an act says in a block of this number and time (seconds), or says which rule it breaks. */
  do(act: Act, block: number, time: number): string | null {
    const now = time * 1_000
    if (act.kind === 'reveal') return this.#reveal(act.entry, block, now)
    const window = act.kind === 'pay' ? 24 * hour : 12 * hour
    if (act.time > now + window) return 'record-early'
    if (act.time < now - window) return 'record-expired'
    if (this.made.has(JSON.stringify(act))) return 'record-paid'
    const broken = act.kind === 'pay' ? this.#pay(act) : this.#commit(act, block, now)
    if (broken === null) this.made.add(JSON.stringify(act))
    return broken
  }

  #pay({ from, to, accounts, buy }: Extract<Act, { kind: 'pay' }>): string | null {
    const sum = (list: readonly (readonly [number, string])[]): number => list.reduce((all, [amount]) => all + amount, 0)
    const fee = sum(from) - sum(to) - sum(accounts) - sum(buy)
    if (fee < this.rate * (1 + 10 * (to.length + accounts.length + buy.length) + from.length)) return 'factoid-fee'
    const [factoids, paid, credits] = [new Map(this.factoids), new Map(this.accounts), new Map(this.credits)]
    const add = (map: Map<string, number>, key: string, amount: number): void => { map.set(key, (map.get(key) ?? 0) + amount) }
    for (const [amount, who] of from) add(factoids, who, -amount)
    if ([...factoids.values()].some(coins => coins < 0)) return 'factoid-balance'
    for (const [amount, who] of to) add(factoids, who, amount)
    for (const [amount, who] of accounts) add(paid, who, amount)
    for (const [amount, who] of buy) add(credits, who, Math.floor(amount / this.rate))
    if (this.fees + fee + sum(buy) + this.reward > most || [...factoids.values(), ...paid.values(), ...credits.values()].some(coins => coins > most)) return 'amount-range'
    for (const [map, next] of [[this.factoids, factoids], [this.accounts, paid], [this.credits, credits]] as const) for (const [key, value] of next) map.set(key, value)
    this.fees += fee + sum(buy)
    return null
  }

  #commit(act: Extract<Act, { kind: 'commit' | 'begin' }>, block: number, now: number): string | null {
    if (act.kind === 'begin') {
      if (this.count(act.entry.chain) > 0) return 'chain-exists'
      const holder = this.#holder(act.entry.chain, block, now)
      if (holder !== null && holder !== act.payer) return 'chain-reserved'
    }
    const balance = this.credits.get(act.payer) ?? 0
    if (act.credits > balance) return 'commit-credits'
    const alike = this.#open(now).filter(({ act: other }) => other.kind === act.kind && other.credits === act.credits && (act.kind === 'begin' ? other.entry.chain === act.entry.chain : other.entry.name === act.entry.name))
    if (alike.length >= 16) return 'commit-open'
    this.credits.set(act.payer, balance - act.credits)
    this.commits.push({ act, block, used: false })
    return null
  }

  #open(now: number): Commit[] { return this.commits.filter(({ act, used }) => !used && now <= act.time + 12 * hour) }

  /** Who committed first of those that nobody kept from it: a reservation lasts twelve blocks from there, within the commit's window. */
  #holder(chain: string, block: number, now: number): string | null {
    let held: Commit | null = null
    for (const each of this.commits) {
      if (each.act.kind !== 'begin' || each.act.entry.chain !== chain) continue
      if (held === null || each.block > held.block + 12 || this.timeOf(each.block) > held.act.time + 12 * hour) held = each
    }
    return held !== null && block <= held.block + 12 && now <= held.act.time + 12 * hour ? held.act.payer : null
  }

  readonly #times = new Map<number, number>()
  timeOf(block: number): number { return this.#times.get(block) ?? 0 }
  /** Which time a block has, in seconds: told before its acts. */
  begin(block: number, time: number): void { this.#times.set(block, time * 1_000) }

  count(chain: string): number { return this.placed.filter(each => each.chain === chain).length }

  #reveal(entry: Entry, block: number, now: number): string | null {
    const cost = Math.max(1, Math.ceil(entry.payload / 1_024))
    const begins = this.count(entry.chain) === 0
    if (begins && entry.names !== entry.chain) return 'chain-unknown'
    const all = this.#open(now).filter(({ act }) => act.entry.name === entry.name && act.kind === (begins ? 'begin' : 'commit'))
    const enough = all.filter(({ act }) => act.credits >= cost + (begins ? 10 : 0))
    const holder = begins ? this.#holder(entry.chain, block, now) : null
    const first = enough.find(({ act }) => act.kind === 'commit' || act.welded && (holder === null || holder === act.payer))
    if (first === undefined) return enough.length > 0 ? enough.some(({ act }) => act.kind === 'begin' && !act.welded) ? 'chain-weld' : 'chain-reserved' : all.length > 0 ? 'reveal-credits' : 'reveal-uncommitted'
    first.used = true
    this.placed.push({ entry: entry.name, chain: entry.chain, index: this.count(entry.chain), payer: first.act.payer, block })
    return null
  }

  /** Times of blocks are of the chain, which a copy goes on with. */
  branch(): RecordModel {
    const copy = this.copy()
    for (const [block, time] of this.#times) copy.#times.set(block, time)
    return copy
  }
}
