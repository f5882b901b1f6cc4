import { HoldfastError, encode, loadSecp256k1, type Judged, type Secp256k1 } from '../../../src/base/index.ts'
import { Ledger, localNetwork, signHeader, signStatement, signTransaction, transaction, type Parameters, type Position, type Statement, type Transaction, type UnsignedHeader } from '../../../src/ledger/index.ts'
import { memLedgerStore } from '../../../src/store/index.ts'
import { answerOver, askOver, startSync, type AnyQuestion, type Neighbour, type StateAnswer, type StateNetwork, type Sync, type SyncMemory, type SyncParts, type Voter } from '../../../src/sync/index.ts'
import { Timeline } from '../../sim/engine/timeline.ts'
import { Life } from '../../sim/engine/life.ts'
import { Memory } from '../../sim/world/memory.ts'
import { keyOf, mine, transact, type Key, type Mined } from '../../support/mine.ts'
import { seeded } from './random-help.ts'

/** When the network of these tests began, seconds since 1970. */
export const begin = 1_700_000_000
export const signatures: Secp256k1 = await loadSecp256k1()
/** Three people with power and coins. */
export const [ann, ben, cy] = await Promise.all(['ann 0', 'ben 0', 'cy 0'].map(keyOf)) as [Key, Key, Key]

/**
 * A small one: epochs of 4 blocks, a window of 8, forks of up to 3 are short, of more than 24 nobody's. Whose turn it is follows from all parameters, and a few of these tests were written for
 * the turns that come of these: so the operations stay those they use.
 */
export const parameters: Parameters = {
  ...localNetwork(begin), ops: [1, 2, 7], creditRate: 1_000, keeperBond: 1_000, keeperBondPerGiB: 10, name: 'small', epoch: 4, activeWindow: 8, range: 24, short: 3, stampBits: 4, minimumFee: 10,
  allocations: [ann, ben, cy].map(({ address }) => ({ address, balance: 1_000_000, power: 10n })),
}

export async function emptyLedger(more: Partial<Parameters> = {}): Promise<Ledger> {
  return await Ledger.open({ parameters: { ...parameters, ...more }, signatures, store: await memLedgerStore({ states: 3_000, bodies: 3_000 }) })
}

/** A block of this person's on the head, a rescue `after` seconds; it is not offered to anybody. */
export async function rescueOf(ledger: Ledger, who: 'ann' | 'ben' | 'cy', { after = ledger.parameters.rescue, transactions = [] }: { readonly after?: number, readonly transactions?: readonly Transaction[] } = {}): Promise<Mined> {
  return await mine(ledger, { pool: who, at: ledger.head.header.time + after, transactions })
}

/** Blocks of these people, one on the other, that the ledger takes; named by their first letters. */
export async function grow(ledger: Ledger, people: string, how: { readonly after?: number, readonly transactions?: readonly Transaction[] } = {}): Promise<Mined[]> {
  const mined: Mined[] = []
  for (const letter of people) {
    const block = await rescueOf(ledger, { a: 'ann', b: 'ben', c: 'cy' }[letter] as 'ann', how)
    await give(ledger, [block])
    mined.push(block)
  }
  return mined
}

/** Offers blocks when they are due. */
export async function give(ledger: Ledger, blocks: readonly Mined[]): Promise<void> {
  for (const { header, body, time } of blocks) {
    const verdict = await ledger.offer(header, body, time)
    if (!verdict.ok) throw new Error(`${verdict.rule}: ${verdict.detail}`)
  }
}

/** Another ledger with the same blocks. */
export async function copyOf(blocks: readonly Mined[], more: Partial<Parameters> = {}): Promise<Ledger> {
  const ledger = await emptyLedger(more)
  await give(ledger, blocks)
  return ledger
}

export const headOf = (ledger: Ledger): Position => ledger.position(ledger.head.root)!

/** The next payment of an account, or one so many after it. */
export async function payment(ledger: Ledger, from: Key, to: Key, time: number, amount = 5, more = 0): Promise<{ readonly bytes: Uint8Array<ArrayBuffer>, readonly value: Transaction }> {
  const next = await transact(ledger, from, { op: 1, body: { to: to.address, amount } }, time)
  if (more === 0) return { bytes: encode(transaction, next), value: next }
  const { signature: _, ...unsigned } = next
  const later = signTransaction({ ...unsigned, nonce: unsigned.nonce + BigInt(more) }, from.secret, signatures)
  return { bytes: encode(transaction, later), value: later }
}

export type Answer = (question: AnyQuestion, from: string) => Promise<Judged<StateAnswer>>

/** Those who can be asked, each by what it answers. Frames are written and read, as between two machines. */
export class Others implements StateNetwork {
  readonly people = new Map<string, Answer>()
  readonly asked: { readonly id: string, readonly kind: string, readonly question: unknown }[] = []
  readonly distrusted: string[] = []
  /** A list is the same until it changes. */
  #list: readonly Neighbour[] = []

  constructor(private readonly own = 'us') {}

  add(id: string, answer: Answer): this {
    this.people.set(id, answer)
    this.#list = [...this.people.keys()].map(each => ({ id: each, address: null, relays: ['relay'] }))
    return this
  }

  /** It is gone. */
  remove(id: string): void {
    this.people.delete(id)
    this.#list = this.#list.filter(each => each.id !== id)
  }

  neighbours(): readonly Neighbour[] { return this.#list }

  readonly ask: StateNetwork['ask'] = async (id, kind, question, signal) => {
    this.asked.push({ id, kind, question })
    const answer = this.people.get(id)
    if (answer === undefined) return { ok: false, code: 'peer-unreachable', reason: '' }
    const over = answerOver(answer)
    let ends = (): void => {}
    const end = new Promise<never>((_, fail) => { ends = () => { fail(new HoldfastError('aborted')) } })
    signal.addEventListener('abort', ends)
    try { return await Promise.race([end, askOver(async (_id, bytes) => await over(bytes, this.own))(id, kind, question, signal)]) } finally { signal.removeEventListener('abort', ends) }
  }

  distrust(id: string, why: string): void { this.distrusted.push(`${id}: ${why}`) }

  /** How often something was asked. */
  count(kind: string, id?: string): number { return this.asked.filter(each => each.kind === kind && (id === undefined || each.id === id)).length }
}

/** Asks in an answer's place: what is left out is answered as it is. */
export function lying(honest: Answer, lies: (question: AnyQuestion, honest: () => Promise<Judged<StateAnswer>>) => Promise<Judged<StateAnswer>> | null): Answer {
  return async (question, from) => await (lies(question, async () => await honest(question, from)) ?? honest(question, from))
}

/** Somebody who has this ledger and answers of it; it never asks. */
export async function answererOf(ledger: Ledger, now: () => number, voter: Voter | null = null): Promise<Answer> {
  const sync = await startSync({ ledger, network: new Others(), memory: new Memory().of(async () => true), clock: { now: () => 1000 * now(), sleep: async () => await new Promise(() => {}) }, random: seeded(9), onChange() {} })
  sync.setVoter(voter)
  return async (question, from) => await sync.answer(question, from)
}

export function voterOf({ address, publicKey, secret }: Key): Voter {
  return { address, publicKey, sign: async statement => signStatement(statement, secret, signatures) }
}

export const signWith = ({ secret }: Key) => (header: UnsignedHeader): Uint8Array => signHeader(header, secret, signatures).signature

/** One peer under test, on a clock that goes as far as it is told. */
export interface Peer {
  readonly sync: Sync
  readonly ledger: Ledger
  readonly network: Others
  readonly memory: SyncMemory
  readonly timeline: Timeline
  readonly problems: string[]
  /** Milliseconds its clock is ahead. */
  skew: number
  /** Lets so many seconds pass. */
  pass(seconds: number): Promise<void>
  now(): number
}

export interface PeerOptions extends Partial<Pick<SyncParts, 'onHead' | 'onChange'>> {
  readonly at: number
  readonly network?: Others
  readonly memory?: SyncMemory
  readonly voter?: Voter | null
  readonly seed?: number
}

export async function peerWith(ledger: Ledger, { at, network = new Others(), memory = new Memory().of(async () => true), voter = null, seed = 1, ...more }: PeerOptions): Promise<Peer> {
  const timeline = new Timeline(1000 * at)
  const problems: string[] = []
  const state = { skew: 0 }
  const life = new Life(timeline, () => state.skew)
  const sync = await startSync({ ledger, network, memory, clock: life, random: seeded(seed), onChange() {}, onProblem: ({ code, message }) => { problems.push(`${code}: ${message}`) }, ...more })
  sync.setVoter(voter)
  return {
    sync, ledger, network, memory, timeline, problems,
    get skew() { return state.skew },
    set skew(ms: number) { state.skew = ms },
    now: () => Math.floor(life.now() / 1000),
    async pass(seconds) {
      const end = timeline.now + 1000 * seconds
      timeline.at(timeline.now, () => {}) // what was begun goes as far as it can first
      await timeline.run(timeline.now, () => {})
      await timeline.run(end, () => {})
    },
  }
}

/** A peer with the first blocks of a chain, and one to ask who has all of them. */
export async function behind(trunk: string, more: string, options: Partial<PeerOptions> = {}) {
  const theirs = await emptyLedger()
  const ours = await copyOf(await grow(theirs, trunk))
  await grow(theirs, more)
  const at = theirs.head.header.time + 5
  const network = options.network ?? new Others()
  const clock: { peer: Peer | null } = { peer: null }
  const honest = await answererOf(theirs, () => clock.peer?.now() ?? at)
  network.add('them', honest)
  const peer = clock.peer = await peerWith(ours, { at, network, ...options })
  return { theirs, ours, peer, network, honest, at }
}

/** A vote of somebody's for the head. */
export function saidBy(ledger: Ledger, key: Key, time: number): Statement {
  return signStatement({ network: ledger.network, miner: key.address, root: ledger.head.root, number: ledger.head.header.number, safe: ledger.head.root, time }, key.secret, signatures)
}
