import type { Cid } from '../../../src/base/index.ts'
import { judgeBodyBytes, judgeHeaderBytes, type Header } from '../../../src/ledger/index.ts'
import type { Stage } from '../run.ts'
import type { World } from '../world/world.ts'
import type { Broken } from './invariants.ts'
import { mean } from './measures.ts'
import { recordFaults } from './records.ts'
import { Strays } from './strays.ts'

/** What came out of a run. */
export interface Result {
  readonly scenario: string
  readonly seed: number
  readonly peers: number
  readonly hours: number
  readonly hash: string
  readonly events: number
  readonly blocks: number
  /** On the chain that most have at the end. */
  readonly height: number
  readonly heads: number
  readonly there: number
  /** Blocks that are on no chain of an honest peer. */
  readonly left: number
  readonly meanInterval: number
  readonly rescues: number
  readonly reorganisations: Readonly<Record<number, number>>
  readonly deepest: number
  readonly agreement: number
  readonly lags: readonly [number, number, number]
  readonly safe: number
  /** The longest time, in hours, in which the safety root of most did not move, once it had moved. */
  readonly safeStill: number
  readonly questionsADay: number
  readonly unanswered: number
  readonly bytesADay: number
  /** Seconds until all were together once nothing hindered them any more; null where they never were. */
  readonly converged: number | null
  readonly unlocks: number
  readonly conflicts: number
  readonly distrusted: number
  readonly wipedTwice: number
  /** Blocks on which peers with different safety roots gave their verdict. */
  readonly underSeveral: number
  readonly transactions: { readonly submitted: number, readonly onChain: number, readonly refused: Readonly<Record<string, number>> }
  /** Entries that people recorded. */
  readonly recorded: number
  readonly problems: Readonly<Record<string, number>>
  readonly broken: readonly Broken[]
  /** Of the processor. */
  readonly seconds: number
}

export async function resultOf(stage: Stage, ms: number): Promise<Result> {
  const { scenario, seed, invariants, measures, world, network, peers, timeline, trace, begin, end, sent, parameters } = stage
  const there = Strays.of(peers)
  const heads = new Map<Cid, number>()
  for (const { head } of there) if (head !== null) heads.set(head.root, (heads.get(head.root) ?? 0) + 1)
  const best = Strays.most(there)
  const height = best === null ? 0 : world.known(best)?.number ?? 0
  const strays = stage.strays.always
  const rescue = parameters.rescue
  const times: number[] = []
  let onChain = 0
  const headers = best === null ? [] : headersOf(world, best)
  for (const [i, { time, body }] of headers.entries()) {
    const before = headers[i + 1]
    if (before !== undefined) times.push(time - before.time)
    onChain += transactionsOf(world, body)
  }
  for (const peer of there) {
    const head = peer.ledger?.head
    if (head === undefined || best === null) continue
    const [safe] = [peer.ledger!.safe]
    invariants.ends('k is on the honest chain', world.descends(best, safe.root) || scenario.partitions.length > 0 && stage.invariants.conflicts > 0, `${peer.id} has its k at ${safe.header.number} ${safe.root}`)
  }
  invariants.ends('one head at the end', strays.length === 0, `${strays.length} of ${there.length} are elsewhere: ${strays.slice(0, 5).map(({ id, head }) => `${id} at ${head?.header.number ?? 0}`).join(', ')}; most are at ${height}`)
  const faults = best === null ? [] : await recordFaults(world, best, there, stage.recorders)
  for (const { rule, what } of faults) invariants.ends(rule, false, what)
  invariants.ends('answers do not fail', network.failures.length === 0, network.failures[0] ?? '')
  invariants.ends('no unasked frame', network.unasked === 0, `${network.unasked} frames`)
  expectations(stage, times)
  const traffic = peers.filter(({ honest }) => honest).map(({ id }) => network.traffic.get(id)!)
  const days = (end - begin) / 86_400_000
  const problems = Object.fromEntries([...stage.problems].sort(([, a], [, b]) => b - a).slice(0, 12))
  trace.note(best ?? '', height)
  return {
    scenario: scenario.name, seed, peers: peers.length, hours: scenario.hours, hash: trace.hash, events: timeline.happened, blocks: world.blocks - 1, height, heads: heads.size, there: measures.there,
    left: world.blocks - 1 - height, meanInterval: mean(times), rescues: times.filter(time => time >= rescue).length,
    reorganisations: Object.fromEntries([...measures.reorganisations].sort(([a], [b]) => a - b)), deepest: measures.deepest, agreement: measures.agreement, lags: measures.lags(),
    safe: stage.heights.at(-1)?.safe ?? 0, safeStill: safeStill(stage),
    questionsADay: mean(traffic.map(({ questions }) => questions)) / days, unanswered: mean(traffic.map(({ unanswered }) => unanswered)) / Math.max(1, mean(traffic.map(({ questions }) => questions))),
    bytesADay: mean(traffic.map(({ bytesIn, bytesOut }) => bytesIn + bytesOut)) / days,
    converged: measures.togetherAt === null ? null : Math.max(0, (measures.togetherAt - measures.clears) / 1000),
    unlocks: invariants.unlocks, conflicts: invariants.conflicts, distrusted: invariants.distrusted, wipedTwice: invariants.wipedTwice, underSeveral: invariants.underSeveral.size,
    transactions: { submitted: sent.submitted, onChain, refused: Object.fromEntries(sent.refused) }, recorded: stage.recorders.reduce((sum, { wishes }) => sum + wishes.length, 0), problems,
    broken: [...invariants.broken.values()], seconds: ms / 1000,
  }
}

/** From a root back to the genesis. */
function headersOf(world: World, root: Cid): readonly Header[] {
  const found: Header[] = []
  for (let at = world.known(root); at !== null; at = at.parent) {
    const judged = judgeHeaderBytes(at.header)
    if (judged.ok) found.push(judged.value)
  }
  return found
}

function transactionsOf(world: World, body: Cid): number {
  const bytes = world.body(body)
  const judged = bytes === null ? null : judgeBodyBytes(bytes, body)
  return judged?.ok === true ? judged.value.transactions.length : 0
}

function safeStill({ heights }: Stage): number {
  let [last, since, longest] = [0, 0, 0]
  for (const { at, safe } of heights) {
    if (safe !== last) [last, since] = [safe, at]
    else if (last > 0) longest = Math.max(longest, at - since)
  }
  return longest / 3_600_000
}

function expectations({ scenario: { expect, pause }, measures, invariants, heights, begin }: Stage, times: readonly number[]): void {
  if (expect === undefined) return
  const { deepestAtMost, safeMovesWithin, meanInterval, afterPauseAtMost, agreementAtLeast, privateTaken } = expect
  if (deepestAtMost !== undefined) invariants.ends('reorganisations are shallow', measures.deepest <= deepestAtMost, `one of ${measures.deepest} blocks, more than ${deepestAtMost}`)
  if (safeMovesWithin !== undefined) {
    const still = safeStill({ heights } as Stage)
    invariants.ends('k moves', (heights.at(-1)?.safe ?? 0) > 0 && still <= safeMovesWithin, `k stood still for ${still.toFixed(1)} h, at ${heights.at(-1)?.safe ?? 0}`)
  }
  if (meanInterval !== undefined) invariants.ends('the pace of blocks', mean(times) >= meanInterval[0] && mean(times) <= meanInterval[1], `${mean(times).toFixed(0)} s between blocks`)
  if (agreementAtLeast !== undefined) invariants.ends('agreement', measures.agreement >= agreementAtLeast, measures.agreement.toFixed(3))
  if (afterPauseAtMost !== undefined && pause !== undefined) {
    const resumed = begin + pause.to * 3_600_000
    const head = (from: number): number => heights.find(({ at, head: height }) => at >= from && height > 0)?.head ?? 0
    const before = Math.max(0, ...heights.filter(({ at }) => at <= begin + pause.from * 3_600_000).map(({ head: height }) => height))
    invariants.ends('no flood after a pause', head(resumed + 60_000) - before <= afterPauseAtMost, `${head(resumed + 60_000) - before} blocks in the first minute`)
  }
  if (privateTaken !== undefined) {
    const taken = invariants.misled.size > 0
    invariants.ends('the hidden branch', taken === privateTaken, taken ? `was taken by ${invariants.misled.size} peers` : 'was not taken')
  }
}
