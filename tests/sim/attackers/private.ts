import { HoldfastError, encode, type Cid, type Judged } from '../../../src/base/index.ts'
import { Ledger, MemoStore, bodyId, emptyBody, encodeBody, header, signHeader, turnAfter, type Turn } from '../../../src/ledger/index.ts'
import { startSync, type AnyQuestion, type StateAnswer, type Sync } from '../../../src/sync/index.ts'
import { Chance } from '../engine/chance.ts'
import { Life } from '../engine/life.ts'
import type { Station } from '../net/network.ts'
import type { Key } from '../people/peer.ts'
import type { Stage } from '../run.ts'
import type { PrivateBranch } from '../scenario.ts'
import type { Known } from '../world/world.ts'
import { Memory } from '../world/memory.ts'

const hourMs = 3_600_000

/** Lets keys that nobody has seen mine on their own, from deadlines that have passed, and shows what they made to whoever asks. */
export function hide(stage: Stage, { from, shown, most = Infinity }: PrivateBranch, keys: readonly Key[]): void {
  const { timeline, begin, invariants, network } = stage
  let base: Cid | null = null
  timeline.at(begin + from * hourMs, () => { base = headOfMost(stage) })
  timeline.at(begin + shown * hourMs, () => {
    if (base === null) return
    mineHidden(stage, base, keys, most).then(async ({ ledger, roots }) => {
      invariants.hide(roots)
      const { station, sync } = await stationOf(stage, ledger)
      network.join(station)
      network.comes(station)
      sync.start()
    }).catch((error: unknown) => { invariants.broke(`the hidden branch: ${String(error instanceof Error ? error.stack : error)}`) })
  })
}

function headOfMost({ peers }: Stage): Cid | null {
  const heads = new Map<Cid, number>()
  for (const { honest, ledger } of peers) if (honest && ledger !== null) heads.set(ledger.head.root, (heads.get(ledger.head.root) ?? 0) + 1)
  return [...heads].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
}

/** The branch as it would have been if its keys had been awake: each block by whoever of them is first. */
async function mineHidden({ world, parameters, signatures, timeline, memo }: Stage, base: Cid, keys: readonly Key[], most: number): Promise<{ readonly ledger: Ledger, readonly roots: ReadonlySet<Cid> }> {
  const now = Math.floor(timeline.now / 1000)
  const ledger = await Ledger.open({ parameters, signatures, store: new MemoStore(memo), memo })
  const chain: Known[] = []
  for (let at = world.known(base); at !== null && at.number > 0; at = at.parent) chain.push(at)
  for (const known of chain.toReversed()) {
    const judged = await ledger.offer(known.header, world.body(known.body)!, now)
    if (!judged.ok) throw new Error(`the honest chain is refused: ${judged.detail}`)
  }
  const roots = new Set<Cid>()
  const body = encodeBody(emptyBody)
  for (;;) {
    const { head } = ledger
    let first: { readonly key: Key, readonly turn: Turn, readonly interval: number } | null = null
    for (const key of keys) {
      const turn = turnAfter(ledger.chain, head, { publicKey: key.publicKey, power: await ledger.powerAfter(head, key.address) ?? 0n }, ledger.network, parameters)
      if (turn === null || turn.interval === null) continue
      const interval = Math.min(Number(turn.interval), parameters.rescue)
      if (first === null || interval < first.interval || interval === first.interval && turn.hit * first.turn.power < first.turn.hit * turn.power) first = { key, turn, interval }
    }
    if (roots.size >= most || first === null || head.header.time + first.interval > now) return { ledger, roots }
    const { mined } = await ledger.account(first.key.address)
    const signed = signHeader(first.turn.header({ time: head.header.time + first.interval, nonce: mined + 1n, profile: null, body: bodyId(body) }), first.key.secret, signatures)
    const judged = await ledger.offer(encode(header, signed), body, now)
    if (!judged.ok) throw new Error(`a hidden block is refused: ${judged.rule}: ${judged.detail}`)
    roots.add(judged.value.root)
  }
}

/** Somebody who answers from this ledger and asks nobody. */
async function stationOf({ timeline, seed, peers }: Stage, ledger: Ledger): Promise<{ readonly station: Station, readonly sync: Sync }> {
  const life = new Life(timeline, () => 0)
  const chance = new Chance(seed, 'hidden')
  const sync = await startSync({
    ledger, memory: new Memory().of(async () => true), clock: life, random: chance, onChange() { /* nobody looks */ },
    network: { neighbours: () => [], ask: () => Promise.reject(new HoldfastError('peer-unreachable')), distrust() { /* asks nobody */ } },
  })
  const station: Station = {
    number: peers.length, id: 'hidden 0', address: null, relays: [0, 1, 2], isAnchor: true, chance, life: () => life,
    answer: async (question: AnyQuestion, from: string): Promise<Judged<StateAnswer>> => await sync.answer(question, from),
    distrusts() { /* asks nobody */ },
  }
  return { station, sync }
}
